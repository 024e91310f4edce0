import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTyped, writeTyped } from '@/features/authoring/figures'
import { partOf, partsOf, waysOf } from '@/features/authoring/layout'
import { moveAt, nameOf, stepsOf, valueAt, writeAt, type Json } from '@/features/authoring/path'
import { choiceIn, hintIn, labelIn, nodeAt, resolved, vanishes, widgetOf, type SchemaNode, type Widget } from '@/features/authoring/schema'
import { around, leversOf, requestOf, topOf, valuesOf, type Question } from '@/features/authoring/simulation'

const rules = join(import.meta.dirname, '../../subsidies')
const read = (path: string) => JSON.parse(readFileSync(join(rules, path), 'utf8')) as Json
const schema = read('rules/policy.schema.json') as SchemaNode
const guizhou = () => read('policies/guizhou.json')

describe('a place in the document', () => {
  it('is named as the API names it', () => {
    expect(nameOf(['rates', 0, 'bands', 2, 'to_fen'])).toBe('rates[0].bands[2].to_fen')
    expect(stepsOf('rates[0].bands[2].to_fen')).toEqual(['rates', 0, 'bands', 2, 'to_fen'])
  })

  it('is made when it is written and goes when it is emptied', () => {
    const document: Json = {}
    const goes = (path: readonly (string | number)[]) => vanishes(nodeAt(schema, path))
    writeAt(document, ['window', 'from'], '2026-01-01', goes)
    writeAt(document, ['rates', 0, 'applies_to', 'purchase'], 'first', goes)
    expect(document).toEqual({ window: { from: '2026-01-01' }, rates: [{ applies_to: { purchase: 'first' } }] })
    writeAt(document, ['window', 'from'], undefined, goes)
    writeAt(document, ['rates', 0, 'applies_to', 'purchase'], undefined, goes)
    expect(document).toEqual({ rates: [{}] })
    writeAt(document, ['rates', 0], undefined, goes)
    expect(document).toEqual({})
  })

  it('keeps a part that says something by being there', () => {
    const document: Json = { first_purchase_only: { clause: '1' } }
    writeAt(document, ['first_purchase_only', 'clause'], undefined, (path) => vanishes(nodeAt(schema, path)))
    expect(document).toEqual({ first_purchase_only: {} })
  })

  it('moves by one within its list and never out of it', () => {
    const document: Json = { clauses: ['a', 'b', 'c'] }
    expect(moveAt(document, ['clauses', 0], -1)).toBe(false)
    expect(moveAt(document, ['clauses', 0], 1)).toBe(true)
    expect(document.clauses).toEqual(['b', 'a', 'c'])
    expect(valueAt(document, ['clauses', 7])).toBeUndefined()
  })
})

describe('figures as typed', () => {
  it('are kept to the fen and the basis point, without fractions in between', () => {
    expect(readTyped('yuan', '50000')).toBe(5_000_000)
    expect(readTyped('yuan', '0.29')).toBe(29)
    expect(readTyped('yuan', '10,000,000,000,000')).toBe(1_000_000_000_000_000)
    expect(readTyped('rate', '12.34%')).toBe(1234)
    expect(readTyped('rate', '0.07')).toBe(7)
    expect(readTyped('whole', '１２')).toBe(12)
    expect(readTyped('whole', '-5')).toBe(-5)
  })

  it('are kept as letters where they cannot be read', () => {
    expect(readTyped('yuan', '五万')).toBe('五万')
    expect(readTyped('yuan', '1.234')).toBe('1.234')
    expect(readTyped('rate', '1e3')).toBe('1e3')
    expect(readTyped('rate', ' ')).toBeUndefined()
    expect(writeTyped('yuan', '五万')).toBe('五万')
    expect(writeTyped('yuan', 1.5)).toBe('1.5')
  })

  it('come back as they went', () => {
    for (const value of [0, 1, 10, 29, 100, 12_345, 5_000_000, 1_000_000_000_000_000]) expect(readTyped('yuan', writeTyped('yuan', value)), String(value)).toBe(value)
    for (let value = 0; value <= 10_000; value += 7) expect(readTyped('rate', writeTyped('rate', value)), String(value)).toBe(value)
  })
})

describe('the form', () => {
  it('reaches every part that the schema knows, and what a document holds beyond it', () => {
    const shown = partsOf(schema, ['left_over']).flatMap((part) => part.fields)
    expect([...shown].sort()).toEqual([...Object.keys(schema.properties ?? {}), 'left_over'].sort())
    expect(partOf(partsOf(schema, []), 'rates[3].clause')).toBe('rates')
  })

  it('has an input of its own for every kind of value in the schema', () => {
    const seen = new Set<Widget>()
    const walk = (key: string, raw: SchemaNode, depth: number) => {
      const node = resolved(raw, schema)
      const widget = widgetOf(key, node, schema)
      seen.add(widget)
      expect(widget, key).not.toBe('raw')
      if (depth > 8) return
      if (widget === 'group') for (const [name, next] of Object.entries(node.properties ?? {})) walk(name, next, depth + 1)
      if (widget === 'list') for (const [name, next] of Object.entries(resolved(node.items, schema).properties ?? {})) walk(name, next, depth + 1)
    }
    for (const [key, node] of Object.entries(schema.properties ?? {})) walk(key, node, 0)
    for (const widget of ['texts', 'date', 'yuan', 'rate', 'whole', 'choice', 'choices', 'codes', 'clause', 'expression', 'group', 'list'] as const) expect(seen).toContain(widget)
  })

  it('offers the ways of a rate one at a time', () => {
    expect(waysOf(nodeAt(schema, ['rates', 0])).map((way) => way[0])).toEqual(expect.arrayContaining(['rate_bp', 'flat_fen', 'bands']))
    expect(waysOf(nodeAt(schema, ['clauses', 0]))).toEqual([])
  })

  it('finds its words in the schema where it has none of its own', () => {
    const node: SchemaNode = { description: '报销星级：one 一星，two 二星。 | Stars: one: a single star; two: two stars.', enum: ['one', 'two'] }
    expect(labelIn(node, 'zh-CN')).toBe('报销星级')
    expect(labelIn(node, 'en')).toBe('Stars')
    expect(choiceIn(node, 'two', 'zh-CN')).toBe('二星')
    expect(choiceIn(node, 'two', 'en')).toBe('two stars')
    expect(hintIn(node, 'zh-CN')).toBe('')
    expect(hintIn({ description: '天数；缺省为 1。 | Days; 1 when absent.' }, 'en')).toBe('1 when absent.')
  })
})

describe('a simulation', () => {
  const asked: Question = { past: true, from: '', to: '', synthetic: false, count: 10, seed: 1, path: '', values: '' }

  it('can vary every rate and amount but those of the cases', () => {
    expect(leversOf({ ...guizhou(), cases: [{ expect: { government_subsidy_fen: 1 } }] }).map((lever) => lever.path)).toEqual([
      'rates[0].rate_bp', 'rates[1].rate_bp', 'caps[0].limit_fen', 'caps[1].limit_fen',
    ])
  })

  it('reads the values to try and refuses what it cannot read', () => {
    expect(valuesOf('50，40, 40 60%', 'rate')).toEqual([4000, 5000, 6000])
    expect(valuesOf('40, viel', 'rate')).toBeNull()
    expect(valuesOf('1 2 3 4 5 6 7 8 9 10', 'yuan')).toBeNull()
    expect(around({ path: 'r', kind: 'rate', value: 9900 })).toEqual([7920, 8910, 9900, 10_000])
  })

  it('asks for something, within what is allowed', () => {
    expect(requestOf({ ...asked, past: false }, 'd', undefined)).toBe('nothing')
    expect(requestOf({ ...asked, from: '2026-02-01', to: '2026-01-01' }, 'd', undefined)).toBe('order')
    expect(requestOf({ ...asked, synthetic: true, count: 200_001 }, 'd', undefined)).toBe('count')
    expect(requestOf({ ...asked, values: 'x' }, 'd', { path: 'p', kind: 'rate', value: 1 })).toBe('values')
    expect(requestOf({ ...asked, synthetic: true, values: '40' }, 'd', { path: 'p', kind: 'rate', value: 1 })).toEqual({
      draft_id: 'd', claims: {}, synthetic: { count: 10, seed: 1 }, sensitivity: { path: 'p', values: [4000] },
    })
  })

  it('puts the small ones together without losing a fen', () => {
    const buckets = [5, 1, 9, 3].map((fen, at) => ({ key: `k${at}`, claims: 1, cost_fen: fen, before_fen: 2 * fen }))
    expect(topOf(buckets, 3, '…')).toEqual([
      { key: 'k2', claims: 1, cost_fen: 9, before_fen: 18 },
      { key: 'k0', claims: 1, cost_fen: 5, before_fen: 10 },
      { key: '…', claims: 2, cost_fen: 4, before_fen: 8 },
    ])
  })
})
