import type { Batch, Line } from './batch'

export const lineStates = ['ordered', 'paid', 'failed', 'removed'] as const

export interface Sum {
  state: (typeof lineStates)[number] | 'sum'
  count: number
  fen: number
}

export interface Reconciliation {
  /** what the lines add up to, by state */
  parts: Sum[]
  sum: Sum
  /** batch minus lines; both zero where the books agree */
  missingFen: number
  missingCount: number
  /** the counts of results that the batch keeps are those of its lines */
  resultsAgree: boolean
}

/**
 * Adds the lines up anew and holds the result against what the batch says of
 * itself. Whole fen only, so that agreement is exact. `removed` shows only in
 * batches that have been given up.
 */
export function reconcile(batch: Batch, lines: readonly Line[]): Reconciliation {
  const parts = lineStates.map((state): Sum => {
    const own = lines.filter((line) => line.state === state)
    return { state, count: own.length, fen: own.reduce((sum, line) => sum + line.amount_fen, 0) }
  })
  const sum = parts.reduce<Sum>((all, part) => ({ state: 'sum', count: all.count + part.count, fen: all.fen + part.fen }), { state: 'sum', count: 0, fen: 0 })
  const countOf = (state: string) => parts.find((part) => part.state === state)?.count ?? 0
  return {
    parts: parts.filter((part) => part.state !== 'removed' || part.count > 0),
    sum,
    missingFen: batch.total_fen - sum.fen,
    missingCount: batch.line_count - sum.count,
    resultsAgree: countOf('paid') === batch.paid_count && countOf('failed') === batch.failed_count,
  }
}

export const agrees = (found: Reconciliation): boolean => found.missingFen === 0 && found.missingCount === 0 && found.resultsAgree
