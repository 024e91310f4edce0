import type { components } from '@/api/schema'

export type Appropriation = components['schemas']['Appropriation']

export interface Meter {
  appropriation_fen: number
  reserved_fen: number
  awarded_fen: number
  paid_fen: number
}

export const meterOf = (row: Appropriation): Meter => ({
  appropriation_fen: row.amount_fen,
  reserved_fen: row.reserved_fen,
  awarded_fen: row.awarded_fen,
  paid_fen: row.paid_fen,
})

const plus = (one: Meter, other: Meter): Meter => ({
  appropriation_fen: one.appropriation_fen + other.appropriation_fen,
  reserved_fen: one.reserved_fen + other.reserved_fen,
  awarded_fen: one.awarded_fen + other.awarded_fen,
  paid_fen: one.paid_fen + other.paid_fen,
})

/** The money of a policy by level of government; a level that has appropriated nothing is left out. */
export function metersByLevel(rows: readonly Appropriation[]): { level: 'city' | 'district'; meter: Meter }[] {
  return (['city', 'district'] as const).flatMap((level) => {
    const own = rows.filter((row) => (row.level === 'city') === (level === 'city')).map(meterOf)
    return own.length ? [{ level, meter: own.reduce(plus) }] : []
  })
}

/** What can still be reserved; never below nothing. */
export const leftOf = (meter: Meter) => Math.max(0, meter.appropriation_fen - meter.reserved_fen - meter.awarded_fen - meter.paid_fen)

/** The districts' own appropriations, all budget years together, the fullest purse first. */
export function districtRows(rows: readonly Appropriation[]): (Meter & { scope: string; left_fen: number })[] {
  const byScope = new Map<string, Meter>()
  for (const row of rows.filter((one) => one.level !== 'city')) {
    const before = byScope.get(row.scope)
    byScope.set(row.scope, before ? plus(before, meterOf(row)) : meterOf(row))
  }
  return [...byScope]
    .map(([scope, meter]) => ({ scope, ...meter, left_fen: leftOf(meter) }))
    .sort((a, b) => b.left_fen - a.left_fen || a.scope.localeCompare(b.scope))
}
