import { describe, expect, it } from 'vitest'
import type { LocationQuery } from 'vue-router'
import { emptyLine, quoteRequest, readQuestion, writeQuestion, type Question } from '@/features/calculator/state'

const question = (): Question => ({
  policy: 'p-1',
  own: false,
  firm: {
    industry: 'industry', head_count: 60, revenue_fen: 300_000_000, assets_fen: null, district: '500107',
    founded_on: '2019-03-01', chains: ['auto', 'robot'], purchases: null, granted_this_year_fen: 0,
  },
  lines: [
    { ...emptyLine(), category: 'app.erp', depth: 'business', price_fen: 12_000_000, discount_fen: 1_200_000 },
    { ...emptyLine(), offer_id: 'o', plan_id: 'p', quantity: 3 },
  ],
})

describe('the address of the calculator', () => {
  it('holds the whole question', () => {
    expect(readQuestion(writeQuestion(question()) as LocationQuery)).toEqual(question())
    const one = { ...question(), lines: question().lines.slice(1) }
    expect(readQuestion(writeQuestion(one) as LocationQuery)).toEqual(one)
  })

  it('gives away no facts of the firm that is logged in', () => {
    expect(Object.keys(writeQuestion({ ...question(), own: true }))).not.toContain('revenue_fen')
  })

  it('takes over the first questions of the home page', () => {
    const [line] = readQuestion({ category: 'app', price_fen: '5000000' }).lines
    expect(line).toEqual({ ...emptyLine(), category: 'app', price_fen: 5_000_000 })
  })

  it.each(['-1', '1.5', '1e9', '99999999999999999', 'abc', ''])('reads %j as no amount', (typed) => {
    expect(readQuestion({ price_fen: typed }).lines[0]?.price_fen).toBeNull()
  })

  it('takes no more lines than the API does', () => {
    expect(readQuestion({ category: Array<string>(80).fill('app') }).lines).toHaveLength(50)
  })
})

describe('the call for a quote', () => {
  it('waits for something to reckon with', () => {
    expect(quoteRequest({ ...question(), policy: '' }, '')).toBeNull()
    expect(quoteRequest({ ...question(), lines: [{ ...emptyLine(), category: 'app' }] }, '')).toBeNull()
  })

  it('tells what is known and nothing else', () => {
    expect(quoteRequest(question(), 'small')).toEqual({
      policy: 'p-1',
      firm: {
        industry: 'industry', head_count: 60, revenue_fen: 300_000_000, district: '500107', founded_on: '2019-03-01',
        chains: ['auto', 'robot'], granted_this_year_fen: 0, size_class: 'small',
      },
      lines: [
        { category: 'app.erp', depth: 'business', price_fen: 12_000_000, discount_fen: 1_200_000 },
        { offer_id: 'o', plan_id: 'p', quantity: 3 },
      ],
    })
  })

  it('leaves the facts to the register for the own firm', () => {
    expect(quoteRequest({ ...question(), own: true }, 'small')).toMatchObject({ own: true })
    expect(quoteRequest({ ...question(), own: true }, 'small')).not.toHaveProperty('firm')
  })
})
