import { money, parseRate, parseYuan, percent, yuan } from '@/ui/format'

export type FigureKind = 'yuan' | 'rate' | 'whole'

/**
 * What a person typed, as the document keeps it: a whole number where it can be read,
 * nothing where nothing stands, and else the letters themselves, which the check
 * then names as a fault. So nothing typed is lost.
 */
export function readTyped(kind: FigureKind, typed: string): number | string | undefined {
  const text = typed.trim()
  if (text === '') return undefined
  if (kind === 'yuan') return parseYuan(text) ?? text
  if (kind === 'rate') return parseRate(text) ?? text
  const plain = text.normalize('NFKC').replace(/[,\s]/g, '')
  return /^-?\d{1,15}$/.test(plain) ? Number(plain) : text
}

/** How a value of the document stands in the input. */
export function writeTyped(kind: FigureKind, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || (value < 0 && kind !== 'whole')) return typeof value === 'string' ? value : JSON.stringify(value)
  if (kind === 'yuan') return yuan(value).replaceAll(',', '').replace(/\.00$/, '')
  return kind === 'rate' ? percent(value).slice(0, -1) : String(value)
}

/** A whole figure as people read it. */
export const figureText = (kind: FigureKind, value: number): string => (kind === 'yuan' ? money(value) : kind === 'rate' ? percent(value) : String(value))
