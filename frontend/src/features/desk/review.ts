import type { Choice } from '@/ui/queue/decision'

/** Reasons that only the machine, the provider or the end of an objection give. */
const notForReviewers = new Set(['check_failed', 'not_recognised', 'objection_upheld'])

export function reviewReasons<T extends { code: string }>(reasons: readonly T[]): T[] {
  return reasons.filter((reason) => !notForReviewers.has(reason.code))
}

/** The buttons of a review: what the API allows, and none when the person has had another part in the claim. */
export function reviewChoices(claim: { acts: readonly string[]; handled: boolean; state: string }, t: (key: string) => string): Choice[] {
  // An objected claim is decided where the objection can be read.
  if (claim.handled || claim.state === 'objected') return []
  const note = (hint: string) => ({ path: 'note', label: t('desk.claim.note'), hint: t(hint), required: true })
  const known: Choice[] = [
    { act: 'approve', label: t('desk.claim.approve'), tone: 'go' },
    { act: 'return', label: t('desk.claim.return'), tone: 'back', coded: true, note: note('desk.claim.returnHint'), confirm: t('desk.claim.returnNow') },
    { act: 'refuse', label: t('desk.claim.refuse'), tone: 'stop', coded: true, note: note('desk.claim.refuseHint'), confirm: t('desk.claim.refuseNow') },
  ]
  return known.filter((choice) => claim.acts.includes(choice.act))
}
