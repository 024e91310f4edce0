import type { components } from '@/api/schema'

type Appropriation = components['schemas']['Appropriation']

export interface Meter {
  scope: string
  appropriation_fen: number
  reserved_fen: number
  awarded_fen: number
  paid_fen: number
}

/** The appropriations that a new agreement of a district draws on: the city's and the district's own, of the year that is running. */
export function metersFor(all: readonly Appropriation[], district: string): Meter[] {
  return all
    .filter((row) => row.current && (row.level === 'city' || row.scope === district))
    .map((row) => ({ scope: row.scope, appropriation_fen: row.amount_fen, reserved_fen: row.reserved_fen, awarded_fen: row.awarded_fen, paid_fen: row.paid_fen }))
}

const left = (meter: Meter) => meter.appropriation_fen - meter.reserved_fen - meter.awarded_fen - meter.paid_fen

/** Whether one of the meters has less left than its level of government would pay. */
export function isShort(meters: readonly Meter[], district: string, legs: { municipal_fen: number; district_fen: number }): boolean {
  return meters.some((meter) => left(meter) < (meter.scope === district ? legs.district_fen : legs.municipal_fen))
}
