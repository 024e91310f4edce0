import { afterEach, beforeEach, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { emptyNeed, needRequest, systemsOf } from '@/features/needs/need'
import { useKeptDraft } from '@/ui/kept-draft'

beforeEach(() => sessionStorage.clear())
afterEach(() => sessionStorage.clear())

it('reads names however they are divided, each once', () => {
  expect(systemsOf(' 用友U8，钉钉、Excel; SAP;钉钉,, ')).toEqual(['用友U8', '钉钉', 'Excel', 'SAP'])
})

it('leaves out what a firm does not know', () => {
  expect(needRequest({ ...emptyNeed(), title: ' a ', need: 'b' })).toEqual({ title: 'a', need: 'b' })
})

it('keeps a form over a reload, and never a password', async () => {
  const fresh = () => ({ name: '', password: '' })
  const first = useKeptDraft('t', fresh, ['password'])
  first.form.name = '甲'
  first.form.password = 'secret-secret'
  await nextTick()
  expect(JSON.stringify(sessionStorage)).not.toContain('secret')
  const second = useKeptDraft('t', fresh, ['password'])
  expect(second.form).toEqual({ name: '甲', password: '' })
  second.clear()
  await nextTick()
  await nextTick()
  expect(useKeptDraft('t', fresh).form.name).toBe('')
})
