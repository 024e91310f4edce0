import { describe, expect, it } from 'vitest'
import { districtRows, metersByLevel, type Appropriation } from './meter'
import { courseRules, grantOf, lawOf, moneyRules, standing, versionOf, type Document } from '@/ui/policy/rules'

const row = (level: string, scope: string, amount: number, reserved = 0): Appropriation => ({
  policy_code: 'p', level, scope, amount_fen: amount, reserved_fen: reserved, awarded_fen: 1, paid_fen: 2, updated_at: '2026-11-23T00:00:00Z', budget_year: '', closed_through: '', current: true,
})

const document = (more: Partial<Document> = {}): Document => ({
  code: 'p', version: 1, kind: 'reference', title: { zh: '', en: '' }, authority: { zh: '', en: '' }, region: '500000', sources: [], clauses: [],
  base: { clause: '2.2', of: 'paid', vat: 'included' }, rates: [], payee: 'enterprise', mechanism: 'voucher',
  notice_working_days: 0, reservation_days: 0, rounding: { mode: 'down', unit_fen: 1 }, evidence: [], ...more,
})

const keys = (rules: { key: string }[]) => rules.map((rule) => rule.key)

describe('the meter of a policy', () => {
  it('adds up the districts and keeps the city apart', () => {
    expect(metersByLevel([row('district', 'a', 100, 10), row('city', 'c', 900), row('district', 'b', 50, 5)])).toEqual([
      { level: 'city', meter: { appropriation_fen: 900, reserved_fen: 0, awarded_fen: 1, paid_fen: 2 } },
      { level: 'district', meter: { appropriation_fen: 150, reserved_fen: 15, awarded_fen: 2, paid_fen: 4 } },
    ])
  })

  it('shows no level that has no money', () => {
    expect(metersByLevel([])).toEqual([])
    expect(metersByLevel([row('city', 'c', 1)]).map((one) => one.level)).toEqual(['city'])
  })

  it('puts the fullest purse first and never shows less than nothing', () => {
    const rows = districtRows([row('city', 'c', 999), row('district', 'poor', 10, 50), row('district', 'rich', 500)])
    expect(rows.map((one) => [one.scope, one.left_fen])).toEqual([['rich', 497], ['poor', 0]])
  })
})

describe('a document in plain words', () => {
  it('says nothing of what the document leaves out', () => {
    expect(keys(moneyRules(document()))).toEqual(['base.paid.included'])
    expect(keys(courseRules(document()))).toEqual(['payee.enterprise', 'mechanism.voucher', 'rounding.down'])
  })

  it('names every rule with its clause', () => {
    const rules = moneyRules(document({
      caps: [{ clause: '3.1', scope: 'claim', limit_fen: 15_000_000, applies_to: { purchase: 'first' } }],
      minimum_paid: { clause: '4.1', ratio_bp: 9000 },
      match: { clause: '5.1', municipal_bp: 6000 },
      budget: { clause: '5.2', total_fen: 5_000_000_000 },
      first_purchase_only: { clause: '6' },
    }))
    expect(rules.slice(1)).toEqual([
      { key: 'cap.claim', values: { amount: '¥150,000.00' }, clause: '3.1', applies: { purchase: 'first' } },
      { key: 'minimumPaid', values: { share: '90%' }, clause: '4.1' },
      { key: 'firstOnly', values: {}, clause: '6' },
      { key: 'match', values: { city: '60%', district: '40%' }, clause: '5.1' },
      { key: 'budget', values: { amount: '¥50,000,000.00' }, clause: '5.2' },
    ])
  })

  it('reads rates, flat sums and bands', () => {
    expect(grantOf({ clause: '1', rate_bp: 3000 })).toEqual({ kind: 'rate', rate: '30%' })
    expect(grantOf({ clause: '1', flat_fen: 300_000 })).toEqual({ kind: 'flat', amount: '¥3,000.00' })
    expect(grantOf({ clause: '1', band_mode: 'whole', bands: [{ from_fen: 0, to_fen: 100, rate_bp: 500 }, { from_fen: 100, rate_bp: 250 }] })).toEqual({
      kind: 'bands',
      whole: true,
      bands: [{ from: '¥0.00', to: '¥1.00', rate: '5%' }, { from: '¥1.00', to: '', rate: '2.5%' }],
    })
  })

  it('opens the version asked for, else the one that is the law', () => {
    const versions = [document({ version: 3, in_force_from: '2027-01-01' }), document({ version: 2, in_force_from: '2026-06-01' }), document()]
    expect(versionOf(versions, '2', '2026-11-23')?.version).toBe(2)
    expect(versionOf(versions, undefined, '2026-11-23')?.version).toBe(2)
    expect(versionOf(versions, '99', '2027-01-01')?.version).toBe(3)
    expect(lawOf(versions, '2026-05-31')?.version).toBe(1)
    expect(versions.map((one) => standing(one, versions[1]))).toEqual(['future', 'now', 'past'])
  })
})

// The schema's words are the keys of the locale; a new one must get a sentence.
const files = import.meta.glob<{ default: Record<string, unknown> }>('../../locales/zh-CN/policies.ts', { eager: true })
it('has words for every kind of evidence, mechanism and mark', () => {
  const words = Object.values(files)[0]?.default as { evidence: object; mark: object; kindText: object; rule: { mechanism: object; cap: object } }
  for (const kind of ['application', 'contract', 'invoice', 'payment', 'acceptance', 'usage', 'licence', 'commitment', 'voucher', 'item_list', 'self_assessment', 'other']) expect(words.evidence).toHaveProperty(kind)
  for (const scope of ['claim', 'enterprise_year', 'enterprise_policy', 'category']) expect(words.rule.cap).toHaveProperty(scope)
  for (const mechanism of ['after_payment', 'voucher', 'deduct']) expect(words.rule.mechanism).toHaveProperty(mechanism)
  for (const mark of ['read', 'cited', 'own']) expect(words.mark).toHaveProperty(mark)
  for (const kind of ['in_force', 'reference', 'illustrative']) expect(words.kindText).toHaveProperty(kind)
})
