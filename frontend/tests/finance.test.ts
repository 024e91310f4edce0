import { describe, expect, it } from 'vitest'
import { allLines, type Batch, type BatchPage, type Line } from '@/features/finance/batch'
import { nameIn } from '@/features/finance/download'
import { asState, fromState } from '@/features/finance/left-out'
import { agrees, reconcile } from '@/features/finance/reconcile'
import { bookedBetween, rowFaults } from '@/features/finance/results'
import { allApproved, byPolicy, onePolicy } from '@/features/finance/waiting'
import type { ClaimView } from '@/ui/queue/ClaimTable.vue'

const batch = (over: Partial<Batch> = {}) => ({ total_fen: 600, line_count: 3, paid_count: 1, failed_count: 1, ...over }) as Batch
const line = (state: string, amount_fen: number) => ({ state, amount_fen }) as Line
const claim = (id: string, policy_code: string, fen: number, handled = false) =>
  ({ id, policy_code, handled, legs: { government_subsidy_fen: fen } }) as ClaimView

describe('the books of a batch', () => {
  const lines = [line('ordered', 100), line('paid', 200), line('failed', 300)]

  it('add up to its total, with nothing left over', () => {
    const found = reconcile(batch(), lines)
    expect(found.parts).toEqual([
      { state: 'ordered', count: 1, fen: 100 },
      { state: 'paid', count: 1, fen: 200 },
      { state: 'failed', count: 1, fen: 300 },
    ])
    expect(found.sum).toEqual({ state: 'sum', count: 3, fen: 600 })
    expect([found.missingFen, found.missingCount]).toEqual([0, 0])
    expect(agrees(found)).toBe(true)
  })

  it('disagree for a single fen, a lost line or a miscounted result', () => {
    expect(reconcile(batch({ total_fen: 601 }), lines).missingFen).toBe(1)
    expect(agrees(reconcile(batch({ total_fen: 601 }), lines))).toBe(false)
    expect(agrees(reconcile(batch({ line_count: 4 }), lines))).toBe(false)
    expect(agrees(reconcile(batch({ paid_count: 2 }), lines))).toBe(false)
  })

  it('show removed lines only where there are some', () => {
    expect(reconcile(batch({ paid_count: 0, failed_count: 0 }), [line('removed', 600)]).parts.at(-1)).toEqual({ state: 'removed', count: 1, fen: 600 })
  })

  it('are made of every page of lines', async () => {
    const pages: Record<string, Pick<BatchPage, 'lines' | 'next_cursor'>> = {
      '': { lines: [line('paid', 1)], next_cursor: 'b' },
      b: { lines: [line('paid', 2)], next_cursor: '' },
    }
    const read = (_: string, cursor?: string) => Promise.resolve(pages[cursor ?? ''] as BatchPage)
    expect((await allLines('x', read)).map((one) => one.amount_fen)).toEqual([1, 2])
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

  it('are added up by policy, most money first', () => {
    expect(byPolicy(claims)).toEqual([
      { policy: 'q', count: 1, fen: 900, handled: 1 },
      { policy: 'p', count: 2, fen: 300, handled: 0 },
    ])
  })

  it('go into one batch only under one policy', () => {
    expect(onePolicy([first, last])).toBe('p')
    expect(onePolicy(claims)).toBe('')
    expect(onePolicy([])).toBe('')
  })

  it('are read to the end, and no further than a batch can hold', async () => {
    const read = (cursor: string | undefined) => Promise.resolve({ items: [first], next_cursor: cursor === '2' ? '' : String(Number(cursor ?? 0) + 1) })
    expect(await allApproved(read)).toMatchObject({ claims: { length: 3 }, more: false })
    expect(await allApproved(read, 2)).toMatchObject({ claims: { length: 2 }, more: true })
  })
})

it('takes the name of a download from the server, Chinese included', () => {
  expect(nameIn("attachment; filename=____B1.csv; filename*=UTF-8''%E6%8B%A8%E4%BB%98B1.csv")).toBe('拨付B1.csv')
  expect(nameIn('attachment; filename="list.xlsx"')).toBe('list.xlsx')
  expect(nameIn("attachment; filename=list.csv; filename*=UTF-8''%E6%8")).toBe('list.csv')
  expect(nameIn(null)).toBe('')
})

it('carries what was left out along, within bounds, and counts all of it', () => {
  const one = { claim_id: '1', claim_number: 'C1', code: 'four_eyes', reason: { zh: '换人', en: 'another' } }
  expect(fromState(asState([one]))).toEqual({ left: [one], count: 1 })
  const many = fromState(asState(Array.from({ length: 900 }, () => one)))
  expect([many.left.length, many.count]).toEqual([300, 900])
  expect(fromState(null)).toEqual({ left: [], count: 0 })
})
