export interface PlannedInstalment {
  due_on: string
  amount_fen: number
}

/** The same day so many months later; a day that does not exist there becomes the last of that month. */
export function monthsLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  const at = new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(date, last.getUTCDate())))
  return at.toISOString().slice(0, 10)
}

/** Equal monthly instalments of an amount; what does not divide goes to the first, a fen each. */
export function equalParts(total: number, count: number, first: string): PlannedInstalment[] {
  if (count < 1 || total < count || !first) return []
  const each = Math.floor(total / count)
  const rest = total - each * count
  return Array.from({ length: count }, (_, at) => ({ due_on: monthsLater(first, at), amount_fen: each + (at < rest ? 1 : 0) }))
}
