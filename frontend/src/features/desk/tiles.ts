import type { RouteLocationRaw } from 'vue-router'
import type { Role } from '@/api/session'
import type { components } from '@/api/schema'

export interface Tile {
  key: string
  count: number
  to: RouteLocationRaw
}

/** States of claims that are work for a role, in the order in which they come up. */
const claimWork: Partial<Record<Role, readonly string[]>> = {
  district_officer: ['provider_confirmed'],
  city_officer: ['district_approved', 'city_approved', 'objected'],
  finance: ['approved', 'batched'],
}

const rooms: Record<string, RouteLocationRaw> = {
  city_approved: { name: 'desk.notices' },
  objected: { name: 'desk.objections' },
  approved: { name: 'finance.batches' },
  batched: { name: 'finance.batches' },
}

/** The tiles of a role from the API's workload. */
export function tilesOf(role: Role, workload: components['schemas']['Workload']): Tile[] {
  const counts = workload.claims as Record<string, number | undefined>
  const claims = (claimWork[role] ?? []).map((state) => ({ key: state, count: counts[state] ?? 0, to: rooms[state] ?? { name: 'desk.claims' } }))
  if (role !== 'district_officer') return claims
  return [...claims, { key: 'agreements', count: workload.agreements, to: { name: 'desk.agreements' } }]
}
