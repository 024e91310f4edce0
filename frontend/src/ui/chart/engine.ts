/** The one place that knows the drawing library; loaded when the first chart comes into view. */
import { BarChart, LineChart, SankeyChart } from 'echarts/charts'
import { GridComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { Chart } from './model'
import { optionOf, type ChartLook } from './options'

use([BarChart, LineChart, SankeyChart, GridComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent, SVGRenderer])

function look(): ChartLook {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    tones: {
      teal: token('teal'),
      ochre: token('ochre'),
      slate: token('slate'),
      leaf: token('leaf'),
      cinnabar: token('cinnabar'),
      faint: token('line-strong'),
    },
    ink: token('ink'),
    soft: token('ink-soft'),
    line: token('line'),
    surface: token('surface'),
    font: token('font-body'),
  }
}

export interface Drawing {
  show: (chart: Chart, locale: string) => void
  end: () => void
}

/** A picture in an element; `picked` hears the index of a point, or the id of a node. */
export function draw(element: HTMLElement, picked: (what: number | string) => void): Drawing {
  const picture = init(element, undefined, { renderer: 'svg' })
  let shown: [Chart, string] | undefined
  const show = (chart: Chart, locale: string) => {
    shown = [chart, locale]
    picture.setOption(optionOf(chart, look(), locale, element.clientWidth < 480), true)
  }
  picture.on('click', (event) => {
    if (shown?.[0].kind !== 'flow') picked(event.dataIndex)
    else if (event.dataType === 'node') picked(event.name)
    else picked(String((event.data as { target?: string }).target ?? ''))
  })
  const sizes = new ResizeObserver(() => {
    picture.resize()
    if (shown) show(...shown)
  })
  sizes.observe(element)
  return {
    show,
    end: () => {
      sizes.disconnect()
      picture.dispose()
    },
  }
}
