import { describe, expect, it } from 'vitest'
import { money, parseYuan, percent, shares, shortMoney, tenths } from '@/ui/format'

describe('money', () => {
  it.each([
    [0, '¥0.00'],
    [5, '¥0.05'],
    [1_234_567, '¥12,345.67'],
    [-1_234_567, '−¥12,345.67'],
    [100_000_000, '¥1,000,000.00'],
    [Number.MAX_SAFE_INTEGER, '¥90,071,992,547,409.91'],
    [123_456_789_012_345_678_901n, '¥1,234,567,890,123,456,789.01'],
  ])('shows %s fen to the fen', (fen, shown) => {
    expect(money(fen)).toBe(shown)
  })

  it('refuses what is no whole number of fen', () => {
    expect(() => money(0.5)).toThrow(RangeError)
    expect(() => money(Number.NaN)).toThrow(RangeError)
    expect(() => money(2 ** 53)).toThrow(RangeError)
  })

  it('cuts and never rounds up in headlines', () => {
    expect(shortMoney(1_999_999_999, 'zh-CN')).toBe('¥1,999.99万')
    expect(shortMoney(12_500_000_000, 'zh-CN')).toBe('¥1.25亿')
    expect(shortMoney(5_000_000_000, 'zh-CN')).toBe('¥5,000万')
    expect(shortMoney(1_250_000_000, 'en')).toBe('¥12.5 million')
    expect(shortMoney(999_999, 'zh-CN')).toBe('¥9,999.99')
  })
})

describe('parseYuan', () => {
  it.each([
    ['12345.67', 1_234_567],
    ['¥12,345.6', 1_234_560],
    ['￥１２００元', 120_000],
    ['0', 0],
    ['10000000000000', 1_000_000_000_000_000],
  ])('reads %s', (typed, fen) => {
    expect(parseYuan(typed)).toBe(fen)
  })

  it.each(['', 'abc', '-1', '1.234', '1e5', '10000000000000.01', '1.2.3', '.5'])('refuses "%s"', (typed) => {
    expect(parseYuan(typed)).toBeNull()
  })

  it('reads back what money shows', () => {
    for (const fen of [0, 1, 99, 100, 1_999, 123_456_789, 999_999_999_999_999]) expect(parseYuan(money(fen))).toBe(fen)
  })
})

describe('shares', () => {
  it('always adds up to the whole', () => {
    let seed = 7
    const next = () => (seed = (seed * 48_271) % 2_147_483_647)
    for (let round = 0; round < 500; round += 1) {
      const parts = [next() % 1_000_000, next() % 1_000_000, next() % 3]
      expect(shares(parts).reduce((sum, share) => sum + share, 0)).toBe(1000)
    }
  })

  it('gives thirds and nothing honestly', () => {
    expect(shares([1, 1, 1])).toEqual([334, 333, 333])
    expect(shares([0, 0, 0])).toEqual([0, 0, 0])
    expect(shares([0, 10, 0])).toEqual([0, 1000, 0])
  })
})

it('writes rates and shares without idle zeros', () => {
  expect([0, 3000, 1250, 1205, 10_000].map(percent)).toEqual(['0%', '30%', '12.5%', '12.05%', '100%'])
  expect([270, 162, 1000, 5].map(tenths)).toEqual(['27%', '16.2%', '100%', '0.5%'])
})
