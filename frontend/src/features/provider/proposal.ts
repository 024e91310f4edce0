import type { FieldError } from '@/api/problem'
import { parseYuan } from '@/ui/format'

export interface ProposalEntry {
  offer_id: string
  plan_id: string
  quantity: string
  discount: string
  message: string
  valid_until: string
}

/** The figures of a proposal: the list price of the whole quantity, the discount and what remains; null where a figure cannot be read. */
export function reckon(entry: Pick<ProposalEntry, 'quantity' | 'discount'>, priceFen: number | undefined) {
  const quantity = /^[1-9]\d{0,5}$/.test(entry.quantity.trim()) ? Number(entry.quantity) : null
  const discount = entry.discount.trim() === '' ? 0 : parseYuan(entry.discount)
  const list = quantity !== null && priceFen !== undefined ? quantity * priceFen : null
  const net = list !== null && discount !== null && discount <= list ? list - discount : null
  return { quantity, discount, list, net }
}

/** The body for the API, or the figures that cannot be read. */
export function readProposal(entry: ProposalEntry, say: (key: 'badCount' | 'badAmount') => string) {
  const { quantity, discount } = reckon(entry, undefined)
  const faults: FieldError[] = []
  if (quantity === null) faults.push({ path: 'quantity', code: 'number', message: say('badCount') })
  if (discount === null) faults.push({ path: 'discount_fen', code: 'amount', message: say('badAmount') })
  const { offer_id, plan_id, message, valid_until } = entry
  return { faults, body: { offer_id, plan_id, message, valid_until, quantity: quantity ?? 1, discount_fen: discount ?? 0 } }
}

/** The day so many days after a day of the city, for a first date in the form. */
export function daysAfter(day: string, days: number): string {
  const start = new Date(`${day}T00:00:00Z`)
  start.setUTCDate(start.getUTCDate() + days)
  return start.toISOString().slice(0, 10)
}
