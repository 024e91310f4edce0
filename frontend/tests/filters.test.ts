import { expect, it } from 'vitest'
import type { LocationQuery } from 'vue-router'
import { readFilters, writeFilters } from '@/features/services/filters'

it('holds a search in the address', () => {
  const filters = { q: '排产', category: 'app.erp', depth: 'business', size: 'small', price_max_fen: 5_000_000, sort: '-price' } as const
  expect(readFilters(writeFilters(filters) as LocationQuery)).toEqual(filters)
  expect(writeFilters({ ...filters, category: undefined })).not.toHaveProperty('category')
})

it('leaves out what the catalogue would refuse', () => {
  expect(readFilters({ depth: 'deep', size: 'huge', sort: 'name', price_max_fen: '-5', q: '', category: ['a', 'b'] })).toEqual({})
})
