import { describe, expect, it } from 'vitest'
import { isShort, metersFor } from '@/features/desk/budget'
import { approveAll, isClean, type BulkRow } from '@/features/desk/bulk'
import { matchMoney } from '@/features/desk/money-match'
import { decidable } from '@/features/desk/next'
import { organisationChoices } from '@/features/desk/organisations'
import { reviewChoices, reviewReasons } from '@/features/desk/review'
import { tilesOf } from '@/features/desk/tiles'
import { daysSince, urgencyOf } from '@/ui/queue/age'

const t = (key: string) => key
const acts = (choices: { act: string }[]) => choices.map((choice) => choice.act)

describe('a review', () => {
  const claim = { acts: ['approve', 'return', 'refuse'], handled: false, state: 'provider_confirmed' }

  it('offers what the API allows and nothing else', () => {
    expect(acts(reviewChoices(claim, t))).toEqual(['approve', 'return', 'refuse'])
    expect(acts(reviewChoices({ ...claim, acts: ['put_on_notice'] }, t))).toEqual([])
  })

  it('offers nothing to who had another part in the claim, nor beside an objection', () => {
    expect(reviewChoices({ ...claim, handled: true }, t)).toEqual([])
    expect(reviewChoices({ ...claim, state: 'objected' }, t)).toEqual([])
    expect(decidable({ id: '1', acts: ['approve'], handled: true })).toBe(false)
    expect(decidable({ id: '1', acts: ['approve'], handled: false })).toBe(true)
  })

  it('asks for a reason and words before it sends back or refuses, and for none to approve', () => {
    const [approve, ...others] = reviewChoices(claim, t)
    expect(approve?.note).toBeUndefined()
    for (const choice of others) expect([choice.coded, choice.note?.required]).toEqual([true, true])
  })

  it('leaves out reasons that a reviewer cannot give', () => {
    const codes = ['evidence_missing', 'check_failed', 'not_recognised', 'objection_upheld', 'other']
    expect(reviewReasons(codes.map((code) => ({ code }))).map((reason) => reason.code)).toEqual(['evidence_missing', 'other'])
  })
})

describe('approving many', () => {
  const row = (id: string): BulkRow => ({ id, number: id, name: id, outcome: 'waiting' })

  it('approves the clean, leaves the odd and goes on after a failure', async () => {
    const found: Record<string, { version: number; checks: { outcome: string }[] }> = {
      clean: { version: 4, checks: [{ outcome: 'pass' }, { outcome: 'pass' }] },
      odd: { version: 5, checks: [{ outcome: 'pass' }, { outcome: 'warn' }] },
      moved: { version: 6, checks: [{ outcome: 'pass' }] },
      last: { version: 7, checks: [{ outcome: 'pass' }] },
    }
    const sent: [string, number][] = []
    const rows = Object.keys(found).map(row)
    await approveAll(
      rows,
      async (id) => found[id] ?? { version: 0, checks: [] },
      async (id, version) => {
        if (id === 'moved') throw new Error('stale')
        sent.push([id, version])
      },
    )
    expect(rows.map((one) => one.outcome)).toEqual(['approved', 'odd', 'failed', 'approved'])
    expect(sent).toEqual([['clean', 4], ['last', 7]])
  })

  it('takes a claim that was never checked for odd', () => {
    expect(isClean({ checks: [] })).toBe(false)
  })
})

describe('money beside a decision', () => {
  const legs = { list_price_fen: 10_000, provider_discount_fen: 1_000, government_subsidy_fen: 3_000, municipal_fen: 1_800, district_fen: 1_200, enterprise_share_fen: 6_000 }

  it('is compared with the contract: list price less discount', () => {
    const invoices = [{ amount_fen: 4_000 }, { amount_fen: 5_000 }] as never
    const payments = [{ amount_fen: 8_100 }] as never
    expect(matchMoney({ legs, invoices, payments })).toEqual({ contract: 9_000, invoiced: 9_000, paid: 8_100, subsidy: 3_000, invoicedShort: 0, paidShort: 900 })
  })

  it('looks at the city and the own district only, each for its own part', () => {
    const row = (level: string, scope: string, amount_fen: number, current = true) => ({ policy_code: 'p', level, scope, amount_fen, reserved_fen: 0, awarded_fen: 0, paid_fen: 0, updated_at: '', budget_year: '', closed_through: '', current })
    const all = [row('city', 'city', 1_800), row('district', 'a', 1_200), row('district', 'b', 0), row('city', 'city', 9, false)]
    const meters = metersFor(all, 'a')
    expect(meters.map((meter) => meter.scope)).toEqual(['city', 'a'])
    expect(isShort(meters, 'a', legs)).toBe(false)
    expect(isShort(metersFor([row('city', 'city', 1_799), row('district', 'a', 9_999)], 'a'), 'a', legs)).toBe(true)
    expect(isShort(metersFor([row('city', 'city', 9_999), row('district', 'a', 1_199)], 'a'), 'a', legs)).toBe(true)
  })
})

describe('a firm', () => {
  it('is decided on by its status', () => {
    expect(acts(organisationChoices('pending', false, t))).toEqual(['verified', 'returned', 'suspended'])
    expect(acts(organisationChoices('verified', false, t))).toEqual(['returned', 'suspended'])
    expect(acts(organisationChoices('suspended', false, t))).toEqual(['restored'])
    expect(organisationChoices('unheard-of', false, t)).toEqual([])
  })

  it('with a code that does not compute is verified with a reason only', () => {
    expect(organisationChoices('pending', false, t)[0]?.note).toBeUndefined()
    expect(organisationChoices('pending', true, t)[0]?.note).toMatchObject({ path: 'code_override_reason', required: true })
  })
})

describe('waiting', () => {
  const now = new Date('2026-11-23T12:00:00Z')

  it('is counted in whole days and never below zero', () => {
    expect(daysSince('2026-11-22T12:00:01Z', now)).toBe(0)
    expect(daysSince('2026-11-22T12:00:00Z', now)).toBe(1)
    expect(daysSince('2026-11-30T12:00:00Z', now)).toBe(0)
    expect([2, 3, 6, 7].map(urgencyOf)).toEqual(['fresh', 'due', 'due', 'late'])
  })

  it('shows each officer the work of the own role, zeros included', () => {
    const load = { agreements: 2, claims: { district_approved: 3 } } as never
    expect(tilesOf('district_officer', load).map((tile) => [tile.key, tile.count])).toEqual([['provider_confirmed', 0], ['agreements', 2]])
    expect(tilesOf('city_officer', load).map((tile) => tile.count)).toEqual([3, 0, 0])
    expect(tilesOf('auditor', load)).toEqual([])
  })
})
