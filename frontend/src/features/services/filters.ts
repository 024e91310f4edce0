import type { LocationQuery, LocationQueryRaw } from 'vue-router'

export const depths = ['resource', 'business', 'capability', 'ecosystem'] as const
export const sizes = ['micro', 'small', 'medium', 'large'] as const
export const sorts = ['relevance', 'price', '-price', 'newest'] as const

/** What a visitor looks for; the address of the page holds it. */
export interface Filters {
  q?: string
  category?: string
  depth?: (typeof depths)[number]
  provider?: string
  chain?: string
  size?: (typeof sizes)[number]
  price_max_fen?: number
  sort?: (typeof sorts)[number]
}

const text = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined)
const among = <T extends string>(known: readonly T[], value: string | undefined) => known.find((one) => one === value)

/** Reads an address; what the API would not take is left out. */
export function readFilters(query: LocationQuery): Filters {
  const price = text(query.price_max_fen)
  const filters: Filters = {
    q: text(query.q),
    category: text(query.category),
    depth: among(depths, text(query.depth)),
    provider: text(query.provider),
    chain: text(query.chain),
    size: among(sizes, text(query.size)),
    price_max_fen: price && /^\d{1,15}$/.test(price) ? Number(price) : undefined,
    sort: among(sorts, text(query.sort)),
  }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as Filters
}

export function writeFilters(filters: Filters): LocationQueryRaw {
  const told = Object.entries(filters).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(told.map(([key, value]) => [key, String(value)]))
}
