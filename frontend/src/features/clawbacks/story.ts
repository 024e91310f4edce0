import type { ClawbackPage } from '@/ui/clawbacks/clawback'
import type { Step } from '@/ui/Timeline.vue'

type Say = (key: string, words?: Record<string, unknown>) => string

const failed = new Set(['reject', 'withdraw', 'release', 'decline_write_off'])

/** The timeline of a clawback: what was done, and whose turn it is. */
export function storyOf(clawback: ClawbackPage, t: Say, te: (key: string) => boolean): Step[] {
  const done = (clawback.timeline ?? []).map(
    (step): Step => ({
      key: step.id,
      title: t(`subsidy.clawbackAct.${step.act}`),
      state: failed.has(step.act) ? 'stopped' : 'done',
      at: step.at,
      by: [step.person_name, te(`words.role.${step.role}`) ? t(`words.role.${step.role}`) : ''].filter(Boolean).join(' · '),
      note: step.act === 'propose' ? '' : step.note,
    }),
  )
  if (!clawback.turn) return done
  return [...done, { key: 'now', title: t(`subsidy.clawbackState.${clawback.state}`), state: 'now', at: clawback.since, by: t(`subsidy.turn.${clawback.turn}`) }]
}
