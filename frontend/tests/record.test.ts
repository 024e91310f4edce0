import { expect, it } from 'vitest'
import { briefly, detailOf, filtersOf, flawKey, pageOf, queryOf } from '@/features/auditor/record'

it('keeps in the address only what narrows the record', () => {
  const filters = filtersOf({ object_kind: 'claim', action: ' claim.approve ', person: ['a', 'b'], other: 'x' })
  expect(filters).toEqual({ object_kind: 'claim', object_id: '', person: '', action: ' claim.approve ' })
  expect(queryOf(filters)).toEqual({ object_kind: 'claim', action: 'claim.approve' })
})

it('leads to the pages of cases and nowhere else', () => {
  expect(pageOf({ object_kind: 'batch', object_id: '1' })).toEqual({ name: 'finance.batch', params: { id: '1' } })
  expect(pageOf({ object_kind: 'session', object_id: '1' })).toBeUndefined()
  expect(pageOf({ object_kind: 'claim', object_id: '' })).toBeUndefined()
})

it('shows what an act changed, whatever its form', () => {
  expect(detailOf({ from: 'a', reason: '', lines: 0, refs: ['x'], gone: null })).toEqual([['from', 'a'], ['lines', '0'], ['refs', '["x"]']])
  expect(briefly([['digest', 'f'.repeat(64)], ['from', 'a']])).toEqual([['from', 'a']])
  expect(detailOf(null)).toEqual([])
  expect(detailOf('text')).toEqual([])
})

it('knows every flaw that the chain can have, and admits others', () => {
  expect(
    [
      'an entry is missing before this one',
      'the entry does not follow the one before it',
      'the entry is not as it was sealed',
      'the entry differs from a head that was kept elsewhere',
      'the record ends before an entry that is known to have existed',
      'something new',
    ].map(flawKey),
  ).toEqual(['missing', 'order', 'changed', 'head', 'ends', 'other'])
})
