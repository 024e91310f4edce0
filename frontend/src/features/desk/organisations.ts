import type { Choice } from '@/ui/queue/decision'
import type { Tone } from '@/ui/StatusTag.vue'

export const organisationStatuses = ['pending', 'returned', 'verified', 'suspended'] as const

export const organisationTone: Record<string, Tone> = { pending: 'waiting', returned: 'neutral', verified: 'good', suspended: 'bad' }

/**
 * What an officer may decide about a firm, by the register's table of
 * transitions. A code that does not compute stands only with a reason.
 */
export function organisationChoices(status: string, overrideNeeded: boolean, t: (key: string) => string): Choice[] {
  const reason = (hint: string) => ({ path: 'reason', label: t('desk.enterprise.reason'), hint: t(hint), required: true })
  const verify: Choice = { act: 'verified', label: t('desk.enterprise.verify'), tone: 'go' }
  if (overrideNeeded) {
    verify.note = { path: 'code_override_reason', label: t('desk.enterprise.override'), hint: t('desk.enterprise.overrideHint'), required: true }
    verify.confirm = t('desk.enterprise.verifyAnyway')
  }
  const giveBack: Choice = { act: 'returned', label: t('desk.enterprise.return'), tone: 'back', note: reason('desk.enterprise.returnHint') }
  const suspend: Choice = { act: 'suspended', label: t('desk.enterprise.suspend'), tone: 'stop', note: reason('desk.enterprise.suspendHint') }
  const restore: Choice = { act: 'restored', label: t('desk.enterprise.restore'), tone: 'go' }
  switch (status) {
    case 'pending':
      return [verify, giveBack, suspend]
    case 'verified':
      return [giveBack, suspend]
    case 'returned':
      return [suspend]
    case 'suspended':
      return [restore]
    default:
      return []
  }
}
