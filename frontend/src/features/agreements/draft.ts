import type { components } from '@/api/schema'

/** What an agreement is drafted from: a plan of the catalogue, or a chosen proposal. */
export interface Source {
  offer_id: string
  plan_id: string
  proposal_id: string
  demand: string
}

export interface Draft {
  policy: string
  quantity: number | null
  starts_on: string
  ends_on: string
}

/** One year from a day on, the last day included: "2026-11-23" → "2027-11-22". */
export function yearFrom(day: string): string {
  const start = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(start.getTime())) return ''
  start.setUTCFullYear(start.getUTCFullYear() + 1)
  start.setUTCDate(start.getUTCDate() - 1)
  return start.toISOString().slice(0, 10)
}

export function draftRequest(source: Source, draft: Draft): components['schemas']['DraftAgreement'] {
  const { policy, starts_on, ends_on } = draft
  if (source.proposal_id) return { policy, starts_on, ends_on, proposal_id: source.proposal_id }
  return { policy, starts_on, ends_on, offer_id: source.offer_id, plan_id: source.plan_id, quantity: draft.quantity ?? 1 }
}
