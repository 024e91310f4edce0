import { expect, it } from 'vitest'
import { findEntries, mayObject, timeLeft, type Entry } from './notice'

const entry = (more: Partial<Entry>): Entry => ({
  claim_id: 'c', claim_number: 'C2026-7W8CVPPG', state: 'open', enterprise: '江津虚构压铸有限公司', enterprise_en: 'Jiangjin Fictional Die-casting', credit_code: '91500116********5R',
  district: '500116', provider: '江津示例智造', provider_en: 'Example Smart', offer: { zh: '制造执行', en: 'Manufacturing Execution' }, policy_code: 'p', policy_title: { zh: '', en: '' }, clauses: [],
  legs: { list_price_fen: 0, provider_discount_fen: 0, government_subsidy_fen: 0, municipal_fen: 0, district_fen: 0, enterprise_share_fen: 0 }, ...more,
})

it('counts the days only while a notice runs', () => {
  expect(timeLeft({ state: 'open', days_left: 4, working_days_left: 2 })).toEqual({ key: 'days', days: 4, working: 2 })
  expect(timeLeft({ state: 'open', days_left: 0, working_days_left: 0 }).key).toBe('today')
  expect(timeLeft({ state: 'closing', days_left: 0, working_days_left: 0 }).key).toBe('closing')
  expect(timeLeft({ state: 'closed', days_left: 0, working_days_left: 0 }).key).toBe('closed')
})

it('finds entries by all typed words in either language', () => {
  const entries = [entry({}), entry({ claim_id: 'd', enterprise: '佳石示例', enterprise_en: 'Jiashi', claim_number: 'C2026-CFXTKUB2', credit_code: '9150', provider: '两路' })]
  const found = (typed: string) => findEntries(entries, typed).map((one) => one.claim_id)
  expect(found('')).toEqual(['c', 'd'])
  expect(found('压铸 江津')).toEqual(['c'])
  expect(found('jiashi')).toEqual(['d'])
  expect(found('ｃｆｘｔ')).toEqual(['d'])
  expect(found('压铸 佳石')).toEqual([])
})

it('lets the public object only while the notice runs and the claim is undecided', () => {
  expect(mayObject({ state: 'open' }, { state: 'open' })).toBe(true)
  expect(mayObject({ state: 'open' }, { state: 'objected' })).toBe(true)
  expect(mayObject({ state: 'open' }, { state: 'refused' })).toBe(false)
  expect(mayObject({ state: 'closing' }, { state: 'open' })).toBe(false)
})
