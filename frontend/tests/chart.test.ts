import { flushPromises, mount } from '@vue/test-utils'
import { createI18n } from 'vue-i18n'
import { createMemoryHistory, createRouter } from 'vue-router'
import { expect, it } from 'vitest'
import zhUi from '@/locales/zh-CN/ui'
import ChartFigure from '@/ui/chart/ChartFigure.vue'
import { isBlank, tableOf, tick, type FlowChart, type SeriesChart } from '@/ui/chart/model'
import { optionOf, type ChartLook } from '@/ui/chart/options'

const lines: SeriesChart = {
  kind: 'line', unit: 'money', over: '月份',
  points: [{ key: '2026-01', label: '1月' }, { key: '2026-02', label: '2月', to: '/february' }],
  series: [{ name: '本稿', values: [123_456_789, null] }, { name: '现行', values: [1, 1_000_000_000_000_000] }],
  marks: [{ at: '2026-02', label: '用完' }, { at: 'never', label: '没有' }],
  levels: [{ value: 500, label: '额度' }],
}
const flows: FlowChart = {
  kind: 'flow', unit: 'money',
  nodes: [{ id: 'city', name: '市级' }, { id: 'paid', name: '已拨付', to: '/paid' }, { id: 'left', name: '可用' }],
  links: [{ from: 'city', to: 'paid', value: 100 }, { from: 'city', to: 'left', value: 0 }],
}
const words = { from: '从', to: '到', value: '数额' }
const look: ChartLook = { tones: { teal: 't', ochre: 'o', slate: 's', leaf: 'l', cinnabar: 'c', faint: 'f' }, ink: 'i', soft: 'k', line: 'n', surface: 'u', font: 'x' }

it('the table says every figure of the picture to the fen', () => {
  expect(tableOf(lines, words, 'zh-CN')).toEqual({
    columns: ['月份', '本稿', '现行'],
    rows: [
      { key: '2026-01', cells: ['1月', '¥1,234,567.89', '¥0.01'], to: undefined },
      { key: '2026-02', cells: ['2月', '—', '¥10,000,000,000,000.00'], to: '/february' },
    ],
  })
})

it('a flow of nothing is neither drawn nor listed', () => {
  expect(tableOf(flows, words, 'zh-CN').rows).toEqual([{ key: 'city paid', cells: ['市级', '已拨付', '¥1.00'], to: '/paid' }])
  const option = optionOf(flows, look, 'zh-CN', false) as { series: { data: { name: string }[]; links: object[] }[] }
  expect(option.series[0]?.data.map((node) => node.name)).toEqual(['city', 'paid'])
  expect(option.series[0]?.links).toHaveLength(1)
  expect(isBlank({ ...flows, links: [] })).toBe(true)
})

it('marks stand only where there is a point', () => {
  const option = optionOf(lines, look, 'zh-CN', false) as { series: { data: unknown[]; markLine?: { data: object[] } }[] }
  expect(option.series[0]?.markLine?.data).toHaveLength(2)
  expect(option.series[1]?.markLine).toBeUndefined()
  expect(option.series[0]?.data).toEqual([123_456_789, '-'])
})

it('an axis may ask for a figure between two fen', () => {
  expect(tick('money', 1_500_000.5, 'zh-CN')).toBe('¥1.5万')
  expect(tick('rate', 3333.3, 'en')).toBe('33.33%')
})

it('readers get the table, and what leads somewhere is a link', async () => {
  const i18n = createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': { ui: zhUi } } })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:all(.*)*', component: { render: () => null } }] })
  const shown = mount(ChartFigure, { props: { title: '每月支出', chart: lines }, global: { plugins: [i18n, router] } })
  await flushPromises()
  expect(shown.get('.chart__canvas').attributes('aria-hidden')).toBe('true')
  expect(shown.get('table').text()).toContain('¥1,234,567.89')
  expect(shown.findAll('tbody th a').map((link) => link.attributes('href'))).toEqual(['/february'])
})
