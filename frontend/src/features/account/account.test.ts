import { describe, expect, it } from 'vitest'
import { agentName } from './agent'
import { linkFor } from './links'
import { wordsOf } from './sentence'

const all = () => true

describe('where a notification leads', () => {
  it('depends on the role of the reader', () => {
    expect(linkFor('/claims/1', 'enterprise', all)).toEqual({ name: 'claim', params: { id: '1' } })
    expect(linkFor('/claims/1', 'provider', all)).toEqual({ name: 'provider.claim', params: { id: '1' } })
    expect(linkFor('/claims/1', 'city_officer', all)).toEqual({ name: 'desk.claim', params: { id: '1' } })
    expect(linkFor('/agreements/1', 'district_officer', all)).toEqual({ name: 'desk.agreement', params: { id: '1' } })
    expect(linkFor('/demands/1', 'enterprise', all)).toEqual({ name: 'enterprise.need', params: { id: '1' } })
    expect(linkFor('/clawbacks/1', 'enterprise', all)).toEqual({ name: 'clawback', params: { id: '1' } })
    expect(linkFor('/demands/1', 'provider', all)).toEqual({ name: 'provider.lead', params: { id: '1' } })
  })

  it('is nowhere when there is no such page', () => {
    expect(linkFor('/demands/1', 'finance', all)).toBeNull()
    expect(linkFor('/claims/1', 'provider', () => false)).toBeNull()
    expect(linkFor('/claims', 'provider', all)).toBeNull()
    expect(linkFor('https://elsewhere.example/claims/1', 'provider', all)).toBeNull()
    expect(linkFor('', 'provider', all)).toBeNull()
  })

  it('takes the account for the organisation until that has its own page', () => {
    expect(linkFor('/organisation', 'enterprise', all)).toEqual({ name: 'organisation' })
    expect(linkFor('/organisation', 'enterprise', () => false)).toEqual({ name: 'account' })
  })
})

it('fills a sentence in the language of the reader', () => {
  const english = (zh: string, en: string) => en || zh
  const words = wordsOf({ number: 'A1', offer_zh: '云主机', offer_en: 'Cloud hosts', amount_fen: '1291800' }, english)
  expect(words).toMatchObject({ number: 'A1', offer: 'Cloud hosts', amount: '¥12,918.00', title: '' })
  expect(wordsOf({ amount_fen: 'nonsense' }, english).amount).toBe('')
})

it('names a device by browser and system', () => {
  expect(agentName('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0')).toBe('Edge · Windows')
  expect(agentName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1')).toBe('Safari · iOS')
  expect(agentName('curl/8.5.0')).toBe('curl')
  expect(agentName('')).toBe('')
})

const files = import.meta.glob<{ default: { tell: Record<string, Record<string, string>> } }>('../../locales/*/account.ts', { eager: true })
it('has a sentence for every kind that is sent', () => {
  const kinds = {
    agreement: ['drafted', 'provider_confirmed', 'enterprise_confirmed', 'waiting', 'accepted', 'completed', 'declined', 'withdrawn', 'lapsed'],
    claim: ['checked', 'provider_confirmed', 'district_approved', 'city_approved', 'noticed', 'objected', 'approved', 'batched', 'paid', 'returned', 'refused', 'withdrawn'],
    opening: ['drawn'],
    demand: ['posted', 'invited', 'answered', 'chosen', 'closed'],
    organisation: ['pending', 'returned', 'verified', 'suspended'],
  }
  expect(Object.keys(files)).toHaveLength(2)
  for (const file of Object.values(files)) {
    for (const [room, states] of Object.entries(kinds)) for (const state of states) expect(file.default.tell[room]?.[state], `${room}.${state}`).toBeTruthy()
  }
})
