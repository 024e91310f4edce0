import { computed, type Ref } from 'vue'
import { useEditing } from './editing'
import type { FigureKind } from './figures'
import type { Path } from './path'
import type { Widget } from './schema'

const byUnit: Record<string, FigureKind> = { fen: 'yuan', bp: 'rate' }

/** How a figure is typed. The values of a parameter are of the unit that the parameter names. */
export function useValueKind(path: () => Path, widget: Ref<Widget>) {
  const { get } = useEditing()
  return computed((): FigureKind | undefined => {
    if (widget.value !== 'yuan' && widget.value !== 'rate' && widget.value !== 'whole') return undefined
    const [top, at, list, , last] = path()
    if (top !== 'parameters' || list !== 'values' || last !== 'value' || at === undefined) return widget.value
    return byUnit[String(get([top, at, 'unit']))] ?? 'whole'
  })
}
