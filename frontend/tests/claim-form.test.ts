import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, nextTick, reactive } from 'vue'
import { useAutosave } from '@/ui/autosave'
import { bodyOf, formOf, newInvoice, newPayment, sumOf } from '@/features/claims/form'
import { draftRequest, yearFrom } from '@/features/agreements/draft'
import type { ClaimPage } from '@/ui/subsidy/types'

const parties = {
  enterprise: { id: 'e', name: '甲', name_en: 'A', credit_code: '91500107MA00000001' },
  provider: { id: 'p', name: '乙', name_en: 'B', credit_code: '91500107MA00000002' },
}
const fresh = { ...parties, contract_number: '', invoices: [], payments: [] } as unknown as ClaimPage

describe('the form of a claim', () => {
  it('begins with what the register knows', () => {
    const form = formOf(fresh)
    expect(form.invoices).toMatchObject([{ seller_code: parties.provider.credit_code, buyer_code: parties.enterprise.credit_code, amount_fen: null }])
    expect(form.payments).toMatchObject([{ payer: '甲', payee: '乙' }])
  })

  it('sends no empty entries and keeps every line in its place', () => {
    const form = formOf(fresh)
    form.invoices.push({ ...newInvoice(parties), number: ' 2650 2000 0000 1234 5678 ', buyer_code: '91500107ma00000001', amount_fen: 100 })
    form.payments[0] = { ...newPayment(parties), amount_fen: 0 }
    const body = bodyOf(form, 3)
    expect(body.version).toBe(3)
    expect(body).not.toHaveProperty('contract_signed_on')
    expect(body.invoices?.[0]).not.toHaveProperty('issued_on')
    expect(body.invoices?.[1]).toMatchObject({ number: '26502000000012345678', buyer_code: '91500107MA00000001', amount_fen: 100 })
    expect(body.payments?.[0]).toMatchObject({ amount_fen: 0 })
  })

  it('takes up what was saved unchanged', () => {
    const form = formOf(fresh)
    form.contract_number = 'HT-1'
    const line = { ...newInvoice(parties), number: '1', amount_fen: 5, tax_fen: 0, issued_on: '2026-11-01' }
    const saved = { ...fresh, contract_number: 'HT-1', invoices: [line], payments: [{ ...newPayment(parties), amount_fen: 5 }] } as unknown as ClaimPage
    expect(bodyOf(formOf(saved), 1).invoices).toEqual([expect.objectContaining({ number: '1', amount_fen: 5, tax_fen: 0 })])
    expect(sumOf(formOf(saved).payments)).toBe(5)
  })
})

describe('saving by itself', () => {
  function page(save: () => Promise<void>) {
    const form = reactive({ text: '' })
    const kept: ReturnType<typeof useAutosave>[] = []
    const view = mount(defineComponent(() => {
      kept.push(useAutosave({ source: () => form.text, save, delay: 100 }))
      return () => null
    }))
    return { form, view, auto: () => kept[0] as (typeof kept)[number] }
  }

  it('waits for a pause, then saves the newest once', async () => {
    vi.useFakeTimers()
    const save = vi.fn(() => Promise.resolve())
    const { form, auto } = page(save)
    for (const text of ['a', 'ab', 'abc']) {
      form.text = text
      await nextTick()
      vi.advanceTimersByTime(60)
    }
    expect(save).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(100)
    expect(save).toHaveBeenCalledTimes(1)
    expect(auto().state.value).toBe('saved')
    vi.useRealTimers()
  })

  it('saves on leaving, and nothing when nothing changed', async () => {
    const save = vi.fn(() => Promise.resolve())
    page(save).view.unmount()
    expect(save).not.toHaveBeenCalled()
    const left = page(save)
    left.form.text = 'x'
    await nextTick()
    left.view.unmount()
    expect(save).toHaveBeenCalledTimes(1)
  })

  it('keeps a failure in sight and tries again when asked', async () => {
    let fail = true
    const { form, auto } = page(() => (fail ? Promise.reject(new Error('no')) : Promise.resolve()))
    form.text = 'x'
    await expect(auto().flush()).rejects.toThrow('no')
    expect(auto().state.value).toBe('failed')
    fail = false
    await auto().flush()
    expect(auto().state.value).toBe('saved')
  })
})

describe('drafting an agreement', () => {
  it('runs a year, the last day included', () => {
    expect(['2026-11-23', '2027-03-01', '2028-02-29', ''].map(yearFrom)).toEqual(['2027-11-22', '2028-02-29', '2029-02-28', ''])
  })

  it('names the proposal or the plan, never both', () => {
    const draft = { policy: 'p', quantity: null, starts_on: 'a', ends_on: 'b' }
    const source = { offer_id: 'o', plan_id: 'l', proposal_id: '', demand: '' }
    expect(draftRequest(source, draft)).toEqual({ policy: 'p', starts_on: 'a', ends_on: 'b', offer_id: 'o', plan_id: 'l', quantity: 1 })
    expect(draftRequest({ ...source, proposal_id: 'x' }, draft)).toEqual({ policy: 'p', starts_on: 'a', ends_on: 'b', proposal_id: 'x' })
  })
})
