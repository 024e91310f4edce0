import { parseMoment } from '@/ui/format'

const day = 86_400_000

/** Whole days since a moment; 0 for the future and for what is no moment. */
export function daysSince(since: string, now: Date): number {
  const moment = parseMoment(since)
  return moment ? Math.max(0, Math.floor((now.getTime() - moment.getTime()) / day)) : 0
}

export type Urgency = 'fresh' | 'due' | 'late'

/** How pressing a wait is: a review is promised within a week, and worth a look after three days. */
export function urgencyOf(days: number): Urgency {
  if (days >= 7) return 'late'
  return days >= 3 ? 'due' : 'fresh'
}
