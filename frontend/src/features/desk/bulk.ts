import { api, call } from '@/api/client'

export type BulkOutcome = 'waiting' | 'working' | 'approved' | 'odd' | 'failed'

export interface BulkRow {
  id: string
  number: string
  name: string
  outcome: BulkOutcome
  /** why it was left, when it failed */
  problem?: unknown
}

/** A claim is clean when the machine looked at it and found nothing to say. */
export function isClean(claim: { checks: { outcome: string }[] }): boolean {
  return claim.checks.length > 0 && claim.checks.every((check) => check.outcome === 'pass')
}

/**
 * Approves one after the other. Each is read anew: what is not clean is left for a
 * look, and the version read is the one decided on. Failures stop no other row.
 */
export async function approveAll(rows: BulkRow[], read = readClaim, approve = approveClaim): Promise<void> {
  for (const row of rows) {
    row.outcome = 'working'
    try {
      const claim = await read(row.id)
      if (!isClean(claim)) {
        row.outcome = 'odd'
        continue
      }
      await approve(row.id, claim.version)
      row.outcome = 'approved'
    } catch (thrown) {
      row.outcome = 'failed'
      row.problem = thrown
    }
  }
}

const readClaim = (id: string): Promise<{ version: number; checks: { outcome: string }[] }> =>
  call(api.GET('/api/v1/claims/{id}', { params: { path: { id } } }))

const approveClaim = (id: string, version: number): Promise<unknown> =>
  call(api.POST('/api/v1/claims/{id}/decision', { params: { path: { id } }, body: { outcome: 'approve', version } }))
