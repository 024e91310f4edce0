import { describe, expect, it } from 'vitest'
import { underWay, type Batch, type BatchPage } from '@/features/finance/batch'
import { nameIn } from '@/features/finance/download'
import { missing, type Books, type Reconciliation } from '@/features/finance/reconcile'
import { bookedBetween, rowFaults } from '@/features/finance/results'
import { onePolicy } from '@/features/finance/waiting'
import type { ClaimView } from '@/ui/queue/ClaimTable.vue'

const batch = (over: Partial<Batch> = {}) => ({ total_fen: 600, line_count: 3, paid_count: 1, failed_count: 1, ...over }) as Batch
const claim = (id: string, policy_code: string, fen: number, handled = false) =>
  ({ id, policy_code, handled, legs: { government_subsidy_fen: fen } }) as ClaimView

describe('the books of a batch', () => {
  const row = (difference_fen: number) => ({ difference_fen }) as Books
  const found = (unlisted_fen: number, ...differences: number[]) => ({ unlisted_fen, books: differences.map(row) }) as Reconciliation

  it('miss nothing when they agree, and never let two differences cancel out', () => {
    expect(missing(found(0, 0, 0))).toBe(0)
    expect(missing(found(0, 5, -5))).toBe(10)
    expect(missing(found(-1))).toBe(1)
  })

  it('are looked at again while work is under way', () => {
    expect(underWay({ jobs: [{ state: 'done' }, { state: 'running' }] } as BatchPage)).toBe(true)
    expect(underWay({ jobs: [{ state: 'stopped' }] } as BatchPage)).toBe(false)
    expect(underWay(undefined)).toBe(false)
  })
})

describe('results', () => {
  it('say what an import changed, which is nothing the second time', () => {
    expect(bookedBetween(batch(), batch({ paid_count: 3, failed_count: 2 }))).toEqual({ paid: 2, failed: 1 })
    expect(bookedBetween(batch(), batch())).toEqual({ paid: 0, failed: 0 })
  })

  it('that cannot be booked are placed in the file, in the order of its rows', () => {
    const fault = (path: string, message: string) => ({ path, code: 'x', message })
    const found = rowFaults([
      fault('rows[12].amount', '第 12 行：金额应为 5 元'),
      fault('C7', 'Row 7: this is no date'),
      fault('Sheet1!AB3', '工作表“Sheet1”第 3 行：不是日期'),
      fault('', 'a column is missing'),
    ])
    expect(found.map(({ row, column, message }) => [row, column, message])).toEqual([
      [0, '', 'a column is missing'],
      [3, 'AB', '工作表“Sheet1”第 3 行：不是日期'],
      [7, 'C', 'this is no date'],
      [12, 'amount', '金额应为 5 元'],
    ])
  })
})

describe('claims to pay', () => {
  const first = claim('a', 'p', 100)
  const last = claim('c', 'p', 200)
  const claims = [first, claim('b', 'q', 900, true), last]

  it('go into one batch only under one policy', () => {
    expect(onePolicy([first, last])).toBe('p')
    expect(onePolicy(claims)).toBe('')
    expect(onePolicy([])).toBe('')
  })
})

it('takes the name of a download from the server, Chinese included', () => {
  expect(nameIn("attachment; filename=____B1.csv; filename*=UTF-8''%E6%8B%A8%E4%BB%98B1.csv")).toBe('拨付B1.csv')
  expect(nameIn('attachment; filename="list.xlsx"')).toBe('list.xlsx')
  expect(nameIn("attachment; filename=list.csv; filename*=UTF-8''%E6%8")).toBe('list.csv')
  expect(nameIn(null)).toBe('')
})
