import type { RouteLocationRaw } from 'vue-router'
import { count, money, percent, shortMoney } from '../format'

/** What the figures of a chart are: fen, things, or basis points. */
export type ChartUnit = 'money' | 'count' | 'rate'

/** Names of colours in engine.ts; left out, the series take them in order. */
export type ChartTone = 'teal' | 'ochre' | 'slate' | 'leaf' | 'cinnabar' | 'faint'

export interface ChartPoint {
  key: string
  label: string
  /** where a click on the point, or its name in the table, leads */
  to?: RouteLocationRaw
}

export interface ChartSeries {
  name: string
  /** one for each point; null where there is none */
  values: readonly (number | null)[]
  tone?: ChartTone
  /** a forecast, a plan: anything that has not happened */
  dashed?: boolean
  area?: boolean
}

/** Lines or bars over common points; bars lie down when `lying`. */
export interface SeriesChart {
  kind: 'line' | 'bar'
  unit: ChartUnit
  /** the heading over the points in the table: "月份" */
  over: string
  points: readonly ChartPoint[]
  series: readonly ChartSeries[]
  stacked?: boolean
  lying?: boolean
  /** steps instead of slopes, for balances that jump */
  stepped?: boolean
  /** upright marks at points: "today", "used up" */
  marks?: readonly { at: string; label: string }[]
  /** level marks: an appropriation, a ceiling */
  levels?: readonly { value: number; label: string }[]
}

export interface FlowNode {
  id: string
  name: string
  tone?: ChartTone
  to?: RouteLocationRaw
}

/** A Sankey picture: where money comes from and where it goes. Flows of nothing are left out. */
export interface FlowChart {
  kind: 'flow'
  unit: ChartUnit
  nodes: readonly FlowNode[]
  links: readonly { from: string; to: string; value: number }[]
}

export type Chart = SeriesChart | FlowChart

export interface ChartTable {
  columns: string[]
  rows: { key: string; cells: string[]; to?: RouteLocationRaw }[]
}

/** A figure in full, for tables and tips. */
export function figure(unit: ChartUnit, value: number, locale: string): string {
  if (unit === 'money') return money(value)
  return unit === 'rate' ? percent(value) : count(value, locale)
}

/** A figure on an axis, where a tick may fall between two whole ones. */
export function tick(unit: ChartUnit, value: number, locale: string): string {
  const whole = Math.trunc(value)
  if (unit === 'money') return shortMoney(whole, locale)
  return unit === 'rate' ? percent(whole) : count(value, locale)
}

/** True when there is nothing to draw. */
export function isBlank(chart: Chart): boolean {
  return chart.kind === 'flow' ? chart.links.every((link) => link.value === 0) : chart.points.length === 0
}

/** The chart as a table: the same figures, exact. */
export function tableOf(chart: Chart, words: { from: string; to: string; value: string }, locale: string): ChartTable {
  const shown = (value: number | null | undefined) => (value === null || value === undefined ? '—' : figure(chart.unit, value, locale))
  if (chart.kind === 'flow') {
    const name = (id: string) => chart.nodes.find((node) => node.id === id)?.name ?? id
    return {
      columns: [words.from, words.to, words.value],
      rows: chart.links
        .filter((link) => link.value !== 0)
        .map((link) => ({
          key: `${link.from} ${link.to}`,
          cells: [name(link.from), name(link.to), shown(link.value)],
          to: chart.nodes.find((node) => node.id === link.to)?.to,
        })),
    }
  }
  return {
    columns: [chart.over, ...chart.series.map((one) => one.name)],
    rows: chart.points.map((point, at) => ({
      key: point.key,
      cells: [point.label, ...chart.series.map((one) => shown(one.values[at]))],
      to: point.to,
    })),
  }
}
