import type { LocationQuery, RouteLocationRaw } from 'vue-router'
import type { components } from '@/api/schema'

export type Entry = components['schemas']['AuditItem']

/** Kinds of objects that the record speaks of. */
export const objectKinds = [
  'claim', 'agreement', 'batch', 'notice', 'objection', 'policy', 'demand', 'offer', 'provider', 'organisation', 'membership', 'person', 'session',
] as const

export interface Filters {
  object_kind: string
  object_id: string
  person: string
  action: string
}

const one = (value: unknown) => (typeof value === 'string' ? value : '')

/** What the address asks for. */
export function filtersOf(query: LocationQuery): Filters {
  return { object_kind: one(query.object_kind), object_id: one(query.object_id), person: one(query.person), action: one(query.action) }
}

/** The same as a query, without what narrows nothing. */
export function queryOf(filters: Filters): Partial<Filters> {
  return Object.fromEntries(Object.entries(filters).map(([key, value]) => [key, value.trim()]).filter(([, value]) => value !== '')) as Partial<Filters>
}

const pages: Record<string, string> = { claim: 'desk.claim', agreement: 'desk.agreement', batch: 'finance.batch' }

/** The page on which an object can be looked at; none for those that have no page for the reader. */
export function pageOf(entry: Pick<Entry, 'object_kind' | 'object_id'>): RouteLocationRaw | undefined {
  const name = pages[entry.object_kind]
  return name && entry.object_id ? { name, params: { id: entry.object_id } } : undefined
}

/** What an act changed, as pairs of name and value; nothing for what it did not say. */
export function detailOf(detail: unknown): [string, string][] {
  if (typeof detail !== 'object' || detail === null) return []
  return Object.entries(detail)
    .filter(([, value]) => value !== '' && value !== null)
    .map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)])
}

/** The few changes that tell most at a glance; digests and long lists are for the details. */
export const briefly = (changes: readonly [string, string][]): [string, string][] => changes.filter(([, value]) => value.length <= 24).slice(0, 4)

const flaws: [RegExp, string][] = [
  [/missing before/, 'missing'],
  [/does not follow/, 'order'],
  [/not as it was sealed/, 'changed'],
  [/differs from a head/, 'head'],
  [/record ends before/, 'ends'],
]

/** Key of the words for a flaw in the chain. */
export const flawKey = (flaw: string): string => flaws.find(([pattern]) => pattern.test(flaw))?.[1] ?? 'other'
