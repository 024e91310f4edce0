import { api, call } from '@/api/client'
import type { FieldError } from '@/api/problem'
import type { Batch, BatchPage } from './batch'

/** Sends the file of results; with any bad row nothing is booked. */
export async function sendResults(id: string, file: File): Promise<BatchPage> {
  const form = new FormData()
  form.append('file', file, file.name)
  const answer = api.POST('/api/v1/batches/{id}/results', {
    params: { path: { id } },
    body: form as never,
    bodySerializer: (body) => body as unknown as FormData,
  })
  return (await call<unknown>(answer)) as BatchPage
}

export interface Booked {
  paid: number
  failed: number
}

/** What an import changed: nothing, when the same file came before. */
export function bookedBetween(before: Batch, after: Batch): Booked {
  return { paid: after.paid_count - before.paid_count, failed: after.failed_count - before.failed_count }
}

export interface RowFault {
  key: string
  /** row of the file; 0 for what is about the file as a whole */
  row: number
  /** letter ("C") or name ("amount") of the column; empty where the row as a whole is meant */
  column: string
  message: string
}

/**
 * Where in the file a fault sits. What reads the file names a cell ("C7"), what
 * books the results names a column of a row ("rows[7].amount").
 */
export function rowFaults(faults: readonly FieldError[]): RowFault[] {
  return faults
    .map((fault, index): RowFault => {
      const booked = /rows\[(\d+)\](?:\.([a-z_]+))?$/.exec(fault.path)
      const cell = /(?:^|[.!])([A-Z]{1,3})(\d+)$/.exec(fault.path)
      const row = Number(booked?.[1] ?? cell?.[2] ?? 0)
      return { key: `${index} ${fault.path}`, row, column: booked?.[2] ?? cell?.[1] ?? '', message: withoutRow(fault.message) }
    })
    .sort((a, b) => a.row - b.row)
}

/** The row has its own column in the table; the sentence need not repeat it. */
const withoutRow = (message: string) => message.replace(/^(第\s*\d+\s*行[：:]|Row \d+:)\s*/, '')
