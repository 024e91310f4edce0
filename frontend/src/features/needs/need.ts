import type { components } from '@/api/schema'

export type DemandPage = components['schemas']['DemandPage']
export type Proposal = components['schemas']['ProposalView']
export type Reason = components['schemas']['MatchReason']

export interface NeedForm {
  title: string
  need: string
  category: string
  budget_fen: number | null
  wanted_by: string
  systems: string
}

export const emptyNeed = (): NeedForm => ({ title: '', need: '', category: '', budget_fen: null, wanted_by: '', systems: '' })

/** Names in one line, however they are divided: "用友U8，钉钉; Excel". */
export function systemsOf(line: string): string[] {
  return [...new Set(line.split(/[,，、;；\n]/).map((name) => name.trim()).filter(Boolean))]
}

export function needRequest(form: NeedForm): components['schemas']['DemandForm'] {
  const systems = systemsOf(form.systems)
  return {
    title: form.title.trim(),
    need: form.need.trim(),
    ...(form.category ? { category: form.category } : {}),
    ...(form.budget_fen !== null ? { budget_fen: form.budget_fen } : {}),
    ...(form.wanted_by ? { wanted_by: form.wanted_by } : {}),
    ...(systems.length ? { systems } : {}),
  }
}

export const tones = { open: 'active', chosen: 'good', closed: 'neutral' } as const
