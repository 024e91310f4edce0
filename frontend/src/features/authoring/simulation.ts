import { readTyped, type FigureKind } from './figures'
import { isObject, nameOf, type Json, type Path } from './path'
import type { Bucket, SimulationRequest } from './types'

export interface Question {
  past: boolean
  from: string
  to: string
  synthetic: boolean
  count: unknown
  seed: unknown
  path: string
  values: string
}

export const mostSynthetic = 200_000
export const mostValues = 9

/** A figure of the document that a simulation can vary. */
export interface Lever {
  path: string
  kind: FigureKind
  value: number
}

/** Every rate and amount of the document but those of the test cases. */
export function leversOf(document: Json): Lever[] {
  const found: Lever[] = []
  const walk = (value: unknown, path: Path): void => {
    if (Array.isArray(value)) value.forEach((one, at) => walk(one, [...path, at]))
    else if (isObject(value)) for (const [key, one] of Object.entries(value)) walk(one, [...path, key])
    else if (typeof value === 'number') {
      const key = String(path[path.length - 1])
      const kind = key.endsWith('_bp') ? 'rate' : key.endsWith('_fen') ? 'yuan' : undefined
      if (kind && key !== 'unit_fen') found.push({ path: nameOf(path), kind, value })
    }
  }
  for (const [key, value] of Object.entries(document)) if (key !== 'cases') walk(value, [key])
  return found
}

/** The values to try, in the unit of the lever; null when one of them cannot be read or there are too many. */
export function valuesOf(typed: string, kind: FigureKind): number[] | null {
  const parts = typed.split(/[,，、;；\s]+/).filter(Boolean)
  const values = parts.map((part) => readTyped(kind, part))
  if (values.length === 0 || values.length > mostValues || values.some((value) => typeof value !== 'number')) return null
  return [...new Set(values as number[])].sort((a, b) => a - b)
}

/** Values about the one in force, for a beginning. */
export function around(lever: Lever): number[] {
  const step = Math.max(1, Math.floor(lever.value / 10))
  const most = lever.kind === 'rate' ? 10_000 : Number.MAX_SAFE_INTEGER
  return [-2, -1, 0, 1, 2].map((by) => Math.min(most, Math.max(0, lever.value + by * step))).filter((value, at, all) => all.indexOf(value) === at)
}

/** The request, or the key of what is missing. */
export function requestOf(question: Question, draft: string, lever: Lever | undefined): SimulationRequest | string {
  const request: SimulationRequest = { draft_id: draft }
  if (question.past) request.claims = { ...(question.from ? { from: question.from } : {}), ...(question.to ? { to: question.to } : {}) }
  if (question.past && question.from && question.to && question.from > question.to) return 'order'
  if (question.synthetic) {
    const { count, seed } = question
    if (typeof count !== 'number' || count < 1 || count > mostSynthetic) return 'count'
    request.synthetic = { count, seed: typeof seed === 'number' ? seed : 1 }
  }
  if (!question.past && !question.synthetic) return 'nothing'
  if (lever) {
    const values = valuesOf(question.values, lever.kind)
    if (!values) return 'values'
    request.sensitivity = { path: lever.path, values }
  }
  return request
}

/** The costliest first, the rest together, so that a picture stays readable. */
export function topOf(buckets: readonly Bucket[], most: number, rest: string): Bucket[] {
  const sorted = [...buckets].sort((a, b) => b.cost_fen - a.cost_fen || a.key.localeCompare(b.key))
  if (sorted.length <= most) return sorted
  const tail = sorted.slice(most - 1)
  const sum = (key: 'claims' | 'cost_fen' | 'before_fen') => tail.reduce((all, one) => all + one[key], 0)
  return [...sorted.slice(0, most - 1), { key: rest, claims: sum('claims'), cost_fen: sum('cost_fen'), before_fen: sum('before_fen') }]
}
