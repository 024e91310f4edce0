import { api, call } from '@/api/client'
import type { components } from '@/api/schema'

export type Reconciliation = components['schemas']['Reconciliation']
export type Books = components['schemas']['Books']

export const readBooks = (id: string): Promise<Reconciliation> => call(api.GET('/api/v1/batches/{id}/reconciliation', { params: { path: { id } } }))

/** The columns of money of the books, in the order in which they add up. */
export const columns = ['ordered_fen', 'paid_fen', 'netted_fen', 'failed_fen', 'outstanding_fen', 'ledger_fen', 'difference_fen'] as const

/** What nobody can account for, in all; zero when the books agree. */
export const missing = (found: Reconciliation): number =>
  Math.abs(found.unlisted_fen) + found.books.reduce((sum, row) => sum + Math.abs(row.difference_fen), 0)
