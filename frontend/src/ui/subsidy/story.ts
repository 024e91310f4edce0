import type { components } from '@/api/schema'
import type { Tone } from '../StatusTag.vue'
import type { Step } from '../Timeline.vue'

type Done = components['schemas']['SubsidiesStep']

/** What a story is told of. */
export interface Subject {
  state: string
  turn: string
  since: string
  timeline: readonly Done[]
}

export type Kind = 'agreement' | 'claim'

/** The stations of a life without detours; what follows the present one is still to come. */
const road: Record<Kind, readonly string[]> = {
  agreement: ['drafted', 'provider_confirmed', 'enterprise_confirmed', 'accepted'],
  claim: ['draft', 'submitted', 'checked', 'provider_confirmed', 'district_approved', 'city_approved', 'noticed', 'approved', 'batched'],
}

/** After which station of the road a detour joins it again. */
const rejoins: Record<string, string> = { returned: 'draft', objected: 'noticed', waiting: 'enterprise_confirmed' }

const tones: Record<string, Tone> = {
  draft: 'neutral',
  drafted: 'waiting',
  returned: 'bad',
  objected: 'bad',
  refused: 'bad',
  declined: 'bad',
  withdrawn: 'neutral',
  lapsed: 'neutral',
  accepted: 'good',
  approved: 'good',
  completed: 'good',
  paid: 'good',
  batched: 'active',
  noticed: 'active',
}

export const toneOf = (state: string): Tone => tones[state] ?? 'waiting'

const ended = new Set(['completed', 'paid', 'declined', 'withdrawn', 'lapsed', 'refused'])
const failed = new Set(['declined', 'withdrawn', 'lapsed', 'refused'])

export function hasEnded(state: string): boolean {
  return ended.has(state)
}

/** Words for the story, from the language of the page. */
export interface Teller {
  act: (act: string) => string
  stage: (state: string) => string
  who: (role: string) => string
  turn: (turn: string) => string
  reason: (code: string | undefined) => string
}

/** The timeline: what was done, whose turn it is, what follows. */
export function storyOf(kind: Kind, subject: Subject, tell: Teller): Step[] {
  const past = (subject.timeline ?? []).map((step, index, all): Step => ({
    key: step.id,
    title: tell.act(step.act),
    state: index === all.length - 1 && failed.has(subject.state) ? 'stopped' : 'done',
    at: step.at,
    by: [tell.who(step.role), step.role === 'system' ? '' : step.person_name].filter(Boolean).join(' · '),
    note: [tell.reason(step.reason_code), step.note].filter(Boolean).join(' — ') || undefined,
  }))
  if (hasEnded(subject.state)) return past
  const now: Step = { key: 'now', title: tell.stage(subject.state), state: 'now', at: subject.since, by: tell.turn(subject.turn) || undefined }
  return [...past, now, ...ahead(kind, subject.state).map((state): Step => ({ key: `next-${state}`, title: tell.stage(state), state: 'next' }))]
}

function ahead(kind: Kind, state: string): string[] {
  const at = road[kind].indexOf(rejoins[state] ?? state)
  return at < 0 ? [] : road[kind].slice(at + 1)
}

/** Why it came back or ended: the newest step that led to the present state, if that state needs a reason. */
export function whyOf(subject: Subject): Done | undefined {
  if (!['returned', 'refused', 'declined'].includes(subject.state)) return undefined
  return [...(subject.timeline ?? [])].reverse().find((step) => step.to_state === subject.state)
}
