import { api, call } from '@/api/client'

interface Case {
  id: string
  acts: string[]
  handled?: boolean
}

const reviews = new Set(['approve', 'return', 'refuse', 'accept', 'decline'])

/** Whether the caller may decide this case now: the API's acts, and not handled by the same person before. */
export function decidable(item: Case): boolean {
  return item.handled !== true && item.acts.some((act) => reviews.has(act))
}

/** The claim that waits longest for the caller, other than the one just decided; '' when none is left. */
export async function nextClaim(after: string): Promise<string> {
  const page = await call(api.GET('/api/v1/claims', { params: { query: { mine: true, page_size: 50 } } }))
  return page.items.find((claim) => claim.id !== after && decidable(claim) && claim.state !== 'objected')?.id ?? ''
}

/** The agreement that waits for the caller next. */
export async function nextAgreement(after: string): Promise<string> {
  const page = await call(api.GET('/api/v1/agreements', { params: { query: { mine: true, page_size: 50 } } }))
  return page.items.find((agreement) => agreement.id !== after && decidable(agreement))?.id ?? ''
}
