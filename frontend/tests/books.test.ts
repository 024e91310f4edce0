import { describe, expect, it } from 'vitest'
import { burnDown, flowChart, meters, monthOf, stated, type Board, type Flow } from '@/features/budget/books'

const flow = (level: string, account: string, amount_fen: number, category = '', payee = ''): Flow => ({ level, district: 'a', account, category, payee, amount_fen }) as Flow
const words = { level: String, account: String, category: String, payee: String, to: (account: string) => `/${account}` }

describe('the flows of a board', () => {
  it('lead from the purse to the payee and lose no fen', () => {
    const chart = flowChart(
      [flow('city', 'available', 500), flow('city', 'paid', 60, 'erp', 'enterprise'), flow('district', 'paid', 40, 'erp', 'enterprise'), flow('city', 'returned', -10, 'erp', 'enterprise'), flow('city', 'reserved', 7, 'mes', 'provider')],
      words,
    )
    const value = (from: string, to: string) => chart.links.find((link) => link.from === from && link.to === to)?.value
    expect(value('level:city', 'account:available')).toBe(500)
    expect(value('level:city', 'account:paid')).toBe(50) // what came back is not paid
    expect(value('account:paid', 'category:erp')).toBe(90)
    expect(value('category:erp', 'payee:enterprise')).toBe(90)
    expect(value('category:mes', 'payee:provider')).toBe(7)
    expect(chart.nodes.find((node) => node.id === 'account:paid')?.to).toBe('/paid')
    expect(chart.links.some((link) => link.from === 'account:available')).toBe(false)
  })

  it('puts small categories together', () => {
    const many = Array.from({ length: 20 }, (_, n) => flow('city', 'paid', 100 - n, `c${n}`, 'enterprise'))
    const chart = flowChart(many, words)
    const categories = chart.links.filter((link) => link.from === 'account:paid')
    expect(categories.map((link) => link.to)).toContain('category:other')
    expect(categories.length).toBe(8)
    expect(categories.reduce((sum, link) => sum + link.value, 0)).toBe(many.reduce((sum, one) => sum + one.amount_fen, 0))
  })
})

describe('the burn-down', () => {
  const said = { over: 'day', level: String, forecast: (level: string) => `${level}?`, today: 'now', day: String }
  const days = [
    { day: '2026-11-01', level: 'city', appropriated_fen: 100, free_fen: 100 },
    { day: '2026-11-10', level: 'city', appropriated_fen: 100, free_fen: 70 },
  ]
  it('keeps a balance until the next change and falls to nothing on the forecast day', () => {
    const chart = burnDown({ days, forecasts: [{ scope: 'city', free_fen: 70, used_fen: 30, window_days: 28, runs_out_on: '2026-11-22' }] }, '2026-11-12', said)
    const at = (series: number, day: string) => chart.series[series]?.values[chart.points.findIndex((point) => point.key === day)]
    expect(at(0, '2026-11-09')).toBe(100)
    expect(at(0, '2026-11-12')).toBe(70)
    expect(at(0, '2026-11-13')).toBeNull()
    expect(at(1, '2026-11-12')).toBe(70)
    expect(at(1, '2026-11-17')).toBe(35)
    expect(at(1, '2026-11-22')).toBe(0)
  })

  it('is blank without movement, and has no forecast where nothing is used', () => {
    expect(burnDown({ days: [], forecasts: [] }, '2026-11-12', said).points).toEqual([])
    expect(burnDown({ days, forecasts: [{ scope: 'city', free_fen: 70, used_fen: 0, window_days: 28 }] }, '2026-11-12', said).series.length).toBe(1)
  })
})

it('adds the purses of a level', () => {
  const row = (level: string, amount_fen: number) => ({ level, amount_fen, reserved_fen: 1, awarded_fen: 2, paid_fen: 3 }) as Board['appropriations'][number]
  expect(meters([row('city', 10), row('district', 20), row('district', 30)])).toEqual([
    { level: 'city', meter: { appropriation_fen: 10, reserved_fen: 1, awarded_fen: 2, paid_fen: 3 } },
    { level: 'district', meter: { appropriation_fen: 50, reserved_fen: 2, awarded_fen: 4, paid_fen: 6 } },
  ])
})

it('knows the ends of a month and leaves out what says nothing', () => {
  expect(monthOf('2026-02-11')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  expect(monthOf('2026-12-31')).toEqual({ from: '2026-12-01', to: '2026-12-31' })
  expect(stated({ a: '', b: 'x' })).toEqual({ b: 'x' })
})
