import type { components } from '@/api/schema'
import type { Tone } from '@/ui/StatusTag.vue'

export type Notice = components['schemas']['NoticeView']
export type Entry = components['schemas']['Entry']

export const noticeTones: Record<string, Tone> = { open: 'active', closing: 'waiting', closed: 'neutral' }
export const entryTones: Record<string, Tone> = { open: 'active', objected: 'waiting', approved: 'good', refused: 'bad' }

/** How long one may still object: a key under `notices.left`, and the days it names. */
export function timeLeft(notice: Pick<Notice, 'state' | 'days_left' | 'working_days_left'>) {
  if (notice.state !== 'open') return { key: notice.state === 'closing' ? 'closing' : 'closed', days: 0, working: 0 }
  return { key: notice.days_left === 0 ? 'today' : 'days', days: notice.days_left, working: notice.working_days_left }
}

/** The entries in which all typed words occur: names, numbers, services. */
export function findEntries(entries: readonly Entry[], typed: string): Entry[] {
  const words = typed.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean)
  return entries.filter((entry) => {
    const text = [entry.enterprise, entry.enterprise_en, entry.credit_code, entry.claim_number, entry.provider, entry.provider_en, entry.offer.zh, entry.offer.en].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** Whether anyone may object to this entry today. An entry that is objected to may be objected to again. */
export const mayObject = (notice: Pick<Notice, 'state'>, entry: Pick<Entry, 'state'>) =>
  notice.state === 'open' && (entry.state === 'open' || entry.state === 'objected')
