import { describe, expect, it } from 'vitest'
import { storyOf, toneOf, whyOf, type Teller } from '@/ui/subsidy/story'

const tell: Teller = { act: (act) => `act ${act}`, stage: (state) => `stage ${state}`, who: (role) => role, turn: (turn) => turn, reason: (code) => code ?? '' }
const step = (act: string, to: string, more = {}) => ({ id: act, act, from_state: '', to_state: to, at: '2026-11-01T00:00:00Z', person_name: '', role: 'enterprise', ...more })

describe('the story of a claim', () => {
  it('tells what was done, whose turn it is since when, and what follows', () => {
    const story = storyOf('claim', { state: 'district_approved', turn: 'city', since: '2026-11-03T00:00:00Z', timeline: [step('submit', 'submitted')] }, tell)
    expect(story.map((one) => one.state)).toEqual(['done', 'now', 'next', 'next', 'next', 'next'])
    expect(story[1]).toMatchObject({ title: 'stage district_approved', by: 'city', at: '2026-11-03T00:00:00Z' })
  })

  it('leads from a return back onto the road, and tells why', () => {
    const returned = step('return', 'returned', { reason_code: 'invoice_invalid', note: 'No. 2', role: 'district_officer', person_name: 'Li' })
    const subject = { state: 'returned', turn: 'enterprise', since: '', timeline: [step('submit', 'submitted'), returned] }
    const story = storyOf('claim', subject, tell)
    expect(story[1]).toMatchObject({ by: 'district_officer · Li', note: 'invoice_invalid — No. 2' })
    expect(story[3]?.title).toBe('stage submitted')
    expect(whyOf(subject)).toBe(returned)
  })

  it('promises nothing once it has ended', () => {
    const story = storyOf('claim', { state: 'refused', turn: '', since: '', timeline: [step('submit', 'submitted'), step('refuse', 'refused')] }, tell)
    expect(story.map((one) => one.state)).toEqual(['done', 'stopped'])
    expect(whyOf({ state: 'paid', turn: '', since: '', timeline: [] })).toBeUndefined()
  })

  it('gives no bad look to a state it does not know', () => {
    expect(toneOf('something new')).toBe('waiting')
  })
})
