/** The states by which a queue can be looked at, in the order of the story. */
export const claimStates = [
  'submitted', 'checked', 'provider_confirmed', 'district_approved', 'city_approved', 'noticed', 'objected',
  'approved', 'batched', 'paid', 'returned', 'refused', 'withdrawn',
] as const

export const agreementStates = [
  'drafted', 'provider_confirmed', 'enterprise_confirmed', 'waiting', 'accepted', 'completed', 'declined', 'withdrawn', 'lapsed',
] as const
