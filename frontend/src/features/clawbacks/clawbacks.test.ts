import { describe, expect, it } from 'vitest'
import { fineOf } from './fine'
import { equalParts, monthsLater } from './plan'

describe('a plan of instalments', () => {
  it('keeps the day of the month where there is one', () => {
    expect(monthsLater('2026-11-24', 1)).toBe('2026-12-24')
    expect(monthsLater('2026-12-31', 2)).toBe('2027-02-28')
    expect(monthsLater('2027-12-31', 2)).toBe('2028-02-29')
    expect(monthsLater('2026-12-31', 12)).toBe('2027-12-31')
  })

  it('adds up to the fen', () => {
    const parts = equalParts(100_001, 3, '2026-12-31')
    expect(parts.map((part) => part.amount_fen)).toEqual([33_334, 33_334, 33_333])
    expect(parts.map((part) => part.due_on)).toEqual(['2026-12-31', '2027-01-31', '2027-02-28'])
  })

  it('is none where it cannot be', () => {
    expect(equalParts(2, 3, '2026-12-31')).toEqual([])
    expect(equalParts(100, 0, '2026-12-31')).toEqual([])
    expect(equalParts(100, 2, '')).toEqual([])
  })
})

describe('what may be fined besides', () => {
  const ground = { code: 'defrauded', fine: [{ from: '2011-01-08', least_bp: 1000, most_bp: 5000 }] } as never

  it('is a range of the amount, never beyond the law by a fen', () => {
    expect(fineOf(ground, 333)).toEqual({ least: '¥0.34', most: '¥1.66' })
    expect(fineOf(ground, 0)).toEqual({ least: '10%', most: '50%' })
  })

  it('is nothing where the law knows no fine', () => {
    expect(fineOf({ code: 'correction' } as never, 333)).toBeNull()
    expect(fineOf(undefined, 333)).toBeNull()
  })
})
