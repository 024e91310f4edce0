import type { LocationQuery, RouteLocationRaw } from 'vue-router'
import type { components } from '@/api/schema'
import type { FlowChart, SeriesChart } from '@/ui/chart/model'

export type Board = components['schemas']['Board']
export type Flow = components['schemas']['Flow']
export type Heading = components['schemas']['Heading']
export type Act = components['schemas']['Act']

export const one = (value: unknown) => (typeof value === 'string' ? value : '')

/** What stays the same from one room of the books to another. */
export function kept(query: LocationQuery): Record<string, string> {
  return stated({ policy: one(query.policy), year: one(query.year) })
}

/** A query without what says nothing. */
export function stated(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
}

/** The budget year as the API's parameter. */
export const yearParameter = (year: string) => year || 'term'

/** Paid is shown net of what came back; the books keep both. */
const standing = (account: string) => (account === 'returned' ? 'paid' : account)

export interface FlowWords {
  level: (level: string) => string
  account: (account: string) => string
  category: (category: string) => string
  payee: (payee: string) => string
  to: (account: string) => RouteLocationRaw
}

const tones = { available: 'faint', reserved: 'ochre', awarded: 'slate', paid: 'teal' } as const

/** So many categories are told apart; the smaller ones go together. */
const apart = 7

/** Categories in the order of their money, the small ones under one name. */
function grouped(flows: readonly Flow[]): (category: string) => string {
  const sums = new Map<string, number>()
  for (const flow of flows) if (flow.account !== 'available') sums.set(flow.category, (sums.get(flow.category) ?? 0) + flow.amount_fen)
  const large = new Set([...sums].sort((a, b) => b[1] - a[1]).slice(0, apart).map(([category]) => category))
  return (category) => (large.has(category) || sums.size <= apart + 1 ? category : 'other')
}

/** From whose purse, to which account, for which category, to which kind of payee. */
export function flowChart(flows: readonly Flow[], words: FlowWords): FlowChart {
  const links = new Map<string, { from: string; to: string; value: number }>()
  const add = (from: string, to: string, value: number) => {
    const key = `${from} ${to}`
    const before = links.get(key)
    links.set(key, { from, to, value: (before?.value ?? 0) + value })
  }
  const group = grouped(flows)
  for (const flow of flows) {
    const account = standing(flow.account)
    const category = group(flow.category)
    add(`level:${flow.level}`, `account:${account}`, flow.amount_fen)
    if (account === 'available') continue
    add(`account:${account}`, `category:${category}`, flow.amount_fen)
    add(`category:${category}`, `payee:${flow.payee}`, flow.amount_fen)
  }
  const shown = [...links.values()].filter((link) => link.value > 0)
  const ids = [...new Set(shown.flatMap((link) => [link.from, link.to]))]
  return {
    kind: 'flow',
    unit: 'money',
    nodes: ids.map((id) => {
      const [kind = '', value = ''] = id.split(':')
      if (kind === 'level') return { id, name: words.level(value), tone: value === 'city' ? ('teal' as const) : ('leaf' as const) }
      if (kind === 'account') return { id, name: words.account(value), tone: tones[value as keyof typeof tones], to: words.to(value) }
      if (kind === 'category') return { id, name: words.category(value), tone: 'ochre' as const }
      return { id, name: words.payee(value), tone: 'slate' as const }
    }),
    links: shown,
  }
}

const dayMs = 86_400_000
const dayAfter = (day: string, days: number) => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / dayMs)

/** How far the picture looks ahead, and how many points it may have. */
const ahead = 120
const most = 180

export interface BurnWords {
  over: string
  level: (level: string) => string
  forecast: (level: string) => string
  today: string
  day: (day: string) => string
}

/**
 * What was free at the end of each day, and how it goes on at the speed of the
 * last weeks. Whole fen throughout: a forecast falls by what is left, divided last.
 */
export function burnDown(board: Pick<Board, 'days' | 'forecasts'>, today: string, words: BurnWords): SeriesChart {
  const days = board.days
  const first = days[0]?.day
  const chart: SeriesChart = { kind: 'line', unit: 'money', over: words.over, points: [], series: [], stepped: true, marks: [] }
  if (!first) return chart
  const levels = ['city', 'district'].filter((level) => days.some((day) => day.level === level))
  const purse = (level: string) => board.forecasts.filter((one) => (one.scope === 'city') === (level === 'city'))
  const runs = new Map(levels.map((level) => [level, purse(level)] as const).filter(([, of]) => of.length === 1 && of[0]?.runs_out_on).map(([level, of]) => [level, of[0]?.runs_out_on ?? '']))
  const horizon = [...runs.values()].reduce((latest, day) => (day > latest ? day : latest), today)
  const end = horizon > dayAfter(today, ahead) ? dayAfter(today, ahead) : horizon
  const step = Math.max(1, Math.ceil(daysBetween(first, end) / most))
  const span: string[] = []
  for (let day = first; day <= end; day = dayAfter(day, step)) span.push(day)
  for (const day of [today, end]) if (!span.includes(day)) span.push(day)
  span.sort()
  chart.points = span.map((day) => ({ key: day, label: words.day(day) }))
  chart.marks = [{ at: today, label: words.today }]
  for (const level of levels) {
    const own = days.filter((day) => day.level === level)
    const freeOn = (day: string) => own.findLast((entry) => entry.day <= day)?.free_fen ?? 0
    const now = freeOn(today)
    const tone = level === 'city' ? ('teal' as const) : ('ochre' as const)
    chart.series = [...chart.series, { name: words.level(level), tone, area: level === 'city', values: span.map((day) => (day <= today ? freeOn(day) : null)) }]
    const out = runs.get(level)
    if (out && end > today) {
      const whole = daysBetween(today, out)
      const left = (day: string) => Number((BigInt(now) * BigInt(Math.max(0, whole - daysBetween(today, day)))) / BigInt(whole))
      chart.series = [...chart.series, { name: words.forecast(level), tone, dashed: true, values: span.map((day) => (day >= today ? left(day) : null)) }]
    }
  }
  return chart
}

/** Money of a board's purses by level, as its meter shows it. */
export function meters(rows: Board['appropriations']) {
  return (['city', 'district'] as const).flatMap((level) => {
    const own = rows.filter((row) => row.level === level)
    const sum = (of: (row: Board['appropriations'][number]) => number) => own.reduce((total, row) => total + of(row), 0)
    return own.length
      ? [{ level, meter: { appropriation_fen: sum((row) => row.amount_fen), reserved_fen: sum((row) => row.reserved_fen), awarded_fen: sum((row) => row.awarded_fen), paid_fen: sum((row) => row.paid_fen) } }]
      : []
  })
}

/** The first and the last day of the month that a day lies in. */
export function monthOf(day: string): { from: string; to: string } {
  const from = `${day.slice(0, 7)}-01`
  const next = new Date(Date.parse(from) + 32 * dayMs).toISOString().slice(0, 7)
  return { from, to: dayAfter(`${next}-01`, -1) }
}
