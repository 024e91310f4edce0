import { parseYuan, yuan } from './format'

export type FigureKind = 'yuan' | 'count'

/** The whole number (fen, or a count) in what a person typed; null when there is none. */
export function readFigure(kind: FigureKind, typed: string): number | null {
  if (kind === 'yuan') return parseYuan(typed)
  const plain = typed.normalize('NFKC').replace(/[,\s]/g, '')
  return /^\d{1,9}$/.test(plain) ? Number(plain) : null
}

/** How a stored figure stands in an input: "12345.6" without grouping, "12345" for whole yuan. */
export function writeFigure(kind: FigureKind, value: number | null | undefined): string {
  if (value === null || value === undefined) return ''
  return kind === 'yuan' ? yuan(value).replaceAll(',', '').replace(/\.00$/, '') : String(value)
}
