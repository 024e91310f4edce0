import { describe, expect, it } from 'vitest'
import { emptyOffer, emptyPlan, fromOffer, readOffer } from '@/features/provider/offer-form'
import { daysAfter, readProposal, reckon } from '@/features/provider/proposal'

describe('an offer as it is typed', () => {
  it('becomes fen and lists, and a new plan has no id', () => {
    const entry = { ...emptyOffer(), integrates: '用友、金蝶, SAP；', plans: [{ ...emptyPlan(), name_zh: '基础版', price: '3,600.5' }, { ...emptyPlan(), id: 'p2', price: '￥0.01' }] }
    const { body, faults } = readOffer(entry, 'bad')
    expect(faults).toEqual([])
    expect(body.integrates).toEqual(['用友', '金蝶', 'SAP'])
    expect(body.plans.map((plan) => [plan.id, plan.price_fen])).toEqual([[undefined, 360_050], ['p2', 1]])
    expect('price' in (body.plans[0] ?? {})).toBe(false)
  })

  it('names every price that cannot be read', () => {
    const entry = { ...emptyOffer(), plans: [{ ...emptyPlan(), price: 'viel' }, { ...emptyPlan(), price: '1' }, { ...emptyPlan(), price: '' }] }
    expect(readOffer(entry, 'bad').faults.map((fault) => fault.path)).toEqual(['plans[0].price_fen', 'plans[2].price_fen'])
  })

  it('comes back as it was, without plans that were retired', () => {
    const plan = { id: 'p1', offer_id: 'o', name_zh: '标准', name_en: '', unit: 'year', price_fen: 1_234_567, includes_zh: '', includes_en: '', status: 'active', version: 1, history: [] }
    const offer = { ...emptyOffer(), integrates: ['用友'], plans: [plan, { ...plan, id: 'p0', status: 'retired' }] }
    const entry = fromOffer(offer as never)
    expect(entry.plans.map((one) => [one.id, one.price])).toEqual([['p1', '12345.67']])
    expect(readOffer(entry, 'bad').body.plans[0]?.price_fen).toBe(1_234_567)
  })
})

describe('a proposal', () => {
  it('adds up before it is sent', () => {
    expect(reckon({ quantity: '12', discount: '600' }, 28_600)).toEqual({ quantity: 12, discount: 60_000, list: 343_200, net: 283_200 })
    expect(reckon({ quantity: '1', discount: '' }, 100)).toMatchObject({ discount: 0, net: 100 })
  })

  it('shows no sum for what cannot be read, nor below zero', () => {
    expect(reckon({ quantity: '0', discount: '' }, 100).list).toBeNull()
    expect(reckon({ quantity: '1', discount: '2' }, 100).net).toBeNull()
    expect(reckon({ quantity: '1', discount: '' }, undefined).list).toBeNull()
  })

  it('names both figures when both are wrong', () => {
    const entry = { offer_id: 'o', plan_id: 'p', quantity: '1.5', discount: '-1', message: '', valid_until: '2026-12-31' }
    expect(readProposal(entry, (key) => key).faults.map((fault) => [fault.path, fault.message])).toEqual([['quantity', 'badCount'], ['discount_fen', 'badAmount']])
  })

  it('is valid for a month at first, over the end of a year too', () => {
    expect(daysAfter('2026-12-15', 30)).toBe('2027-01-14')
  })
})
