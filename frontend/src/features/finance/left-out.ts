import type { LeftOut } from './batch'

/** What the history of a browser surely holds. */
const most = 300

/** Told once, when a batch is drafted: it travels in the history, and outlives a reload there. */
export function asState(left: readonly LeftOut[]): { leftOut: string; leftOutCount: number } {
  return { leftOut: JSON.stringify(left.slice(0, most)), leftOutCount: left.length }
}

export function fromState(state: unknown): { left: LeftOut[]; count: number } {
  const { leftOut, leftOutCount } = (state ?? {}) as { leftOut?: unknown; leftOutCount?: unknown }
  if (typeof leftOut !== 'string') return { left: [], count: 0 }
  const left = JSON.parse(leftOut) as LeftOut[]
  return { left, count: typeof leftOutCount === 'number' ? leftOutCount : left.length }
}
