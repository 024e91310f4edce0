import { figure, tick, type Chart, type ChartTone, type FlowChart, type SeriesChart } from './model'

/** The colours and type of the house, read from its tokens. */
export interface ChartLook {
  tones: Record<ChartTone, string>
  ink: string
  soft: string
  line: string
  surface: string
  font: string
}

const order: readonly ChartTone[] = ['teal', 'ochre', 'slate', 'leaf', 'cinnabar', 'faint']
const toneAt = (index: number): ChartTone => order[index % order.length] ?? 'teal'
const dashes = [[0], [6, 4], [2, 3]] as const

/** What the engine draws. Colours alone never tell two lines apart: the second and third are dashed as well. */
export function optionOf(chart: Chart, look: ChartLook, locale: string, narrow: boolean): Record<string, unknown> {
  const common = {
    animation: false,
    textStyle: { fontFamily: look.font, color: look.ink },
    aria: { enabled: false }, // the figure has its words and its table outside the picture
  }
  return chart.kind === 'flow' ? { ...common, ...flow(chart, look, locale, narrow) } : { ...common, ...series(chart, look, locale, narrow) }
}

const tooltip = (look: ChartLook) => ({
  confine: true,
  backgroundColor: look.surface,
  borderColor: look.line,
  textStyle: { color: look.ink, fontSize: 13 },
})

function series(chart: SeriesChart, look: ChartLook, locale: string, narrow: boolean): Record<string, unknown> {
  const lying = chart.kind === 'bar' && chart.lying
  const named = chart.series.length > 1
  const points = {
    type: 'category',
    data: chart.points.map((point) => point.label),
    inverse: lying,
    boundaryGap: chart.kind === 'bar',
    axisTick: { show: false },
    axisLine: { lineStyle: { color: look.line } },
    axisLabel: { color: look.soft, hideOverlap: true, ...(lying ? { width: narrow ? 84 : 150, overflow: 'truncate' } : {}) },
  }
  const figures = {
    type: 'value',
    splitNumber: narrow ? 3 : 5,
    axisLabel: { color: look.soft, hideOverlap: true, formatter: (value: number) => tick(chart.unit, value, locale) },
    splitLine: { lineStyle: { color: look.line } },
  }
  return {
    grid: { left: 8, right: chart.levels?.length || lying ? 28 : 16, top: named ? 44 : 20, bottom: 8, containLabel: true },
    legend: named ? { top: 0, left: 0, type: 'scroll', icon: 'roundRect', itemWidth: 18, textStyle: { color: look.ink } } : undefined,
    tooltip: {
      ...tooltip(look),
      trigger: 'axis',
      axisPointer: { type: chart.kind === 'bar' ? 'shadow' : 'line' },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? figure(chart.unit, value, locale) : '—'),
    },
    xAxis: lying ? figures : points,
    yAxis: lying ? points : figures,
    series: chart.series.map((one, index) => {
      const color = look.tones[one.tone ?? toneAt(index)]
      const dash = one.dashed ? [6, 4] : (dashes[index % dashes.length] ?? [0])
      return {
        type: chart.kind,
        name: one.name,
        data: one.values.map((value) => value ?? '-'),
        stack: chart.stacked ? 'all' : undefined,
        step: chart.stepped && chart.kind === 'line' ? 'end' : undefined,
        showSymbol: chart.points.length <= 24,
        symbolSize: 6,
        barMaxWidth: 28,
        cursor: chart.points.some((point) => point.to) ? 'pointer' : 'default',
        itemStyle: { color, borderColor: look.surface, borderWidth: chart.stacked ? 1 : 0, opacity: one.dashed && chart.kind === 'bar' ? 0.55 : 1 },
        lineStyle: { color, width: 2.5, type: dash[0] === 0 ? 'solid' : dash },
        areaStyle: one.area ? { color, opacity: 0.14 } : undefined,
        markLine: index === 0 ? marks(chart, look) : undefined,
      }
    }),
  }
}

function marks(chart: SeriesChart, look: ChartLook): object | undefined {
  const upright = (chart.marks ?? []).flatMap((mark) => {
    const at = chart.points.findIndex((point) => point.key === mark.at)
    return at < 0 ? [] : [{ xAxis: at, label: { formatter: mark.label } }]
  })
  const level = (chart.levels ?? []).map((one) => ({ yAxis: one.value, label: { formatter: one.label, position: 'insideStartTop' } }))
  if (upright.length + level.length === 0) return undefined
  return { silent: true, symbol: 'none', label: { color: look.ink, fontSize: 12 }, lineStyle: { color: look.tones.cinnabar, type: 'dashed', width: 1.5 }, data: [...upright, ...level] }
}

function flow(chart: FlowChart, look: ChartLook, locale: string, narrow: boolean): Record<string, unknown> {
  const name = new Map(chart.nodes.map((node) => [node.id, node.name]))
  const links = chart.links.filter((link) => link.value > 0)
  const used = new Set(links.flatMap((link) => [link.from, link.to]))
  return {
    tooltip: { ...tooltip(look), trigger: 'item', valueFormatter: (value: unknown) => (typeof value === 'number' ? figure(chart.unit, value, locale) : '—') },
    series: [
      {
        type: 'sankey',
        orient: narrow ? 'vertical' : 'horizontal',
        left: 8,
        right: narrow ? 8 : 120,
        top: narrow ? 16 : 8,
        bottom: narrow ? 28 : 8,
        nodeGap: 14,
        nodeWidth: 14,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        label: { color: look.ink, fontSize: 12, formatter: (one: { name: string }) => name.get(one.name) ?? one.name, ...(narrow ? { position: 'bottom', width: 72, overflow: 'truncate' } : {}) },
        lineStyle: { color: 'gradient', opacity: 0.32, curveness: 0.5 },
        data: chart.nodes.filter((node) => used.has(node.id)).map((node, index) => ({ name: node.id, itemStyle: { color: look.tones[node.tone ?? toneAt(index)], borderWidth: 0 } })),
        links: links.map((link) => ({ source: link.from, target: link.to, value: link.value })),
      },
    ],
  }
}
