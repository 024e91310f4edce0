import { mount } from '@vue/test-utils'
import { defineComponent, h, nextTick } from 'vue'
import { createI18n } from 'vue-i18n'
import { expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import { safeNext } from '@/features/session/next'
import { emptyRegistration, registrationRequest, steps } from '@/features/session/registration'
import { changes, emptyFirm } from '@/ui/firm/firm'
import zhUi from '@/locales/zh-CN/ui'
import { sortFiles } from '@/ui/file-choice'
import { useForm } from '@/ui/form-problem'
import FormErrors from '@/ui/FormErrors.vue'
import FormField from '@/ui/FormField.vue'

const i18n = createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': { ui: zhUi } } })

function form() {
  let attempt: ReturnType<typeof useForm>['attempt'] | undefined
  const Form = defineComponent(() => {
    attempt = useForm().attempt
    return () => [
      h(FormErrors),
      h(FormField, { path: 'name', label: '名称', required: true }, { default: ({ bind }: { bind: object }) => h('input', bind) }),
    ]
  })
  const page = mount(Form, { global: { plugins: [i18n] }, attachTo: document.body })
  return { page, attempt: (task: () => Promise<unknown>) => attempt?.(task) }
}

it('ties a fault of the API to its input and lists those without one', async () => {
  const { page, attempt } = form()
  const fields = [
    { path: 'name', code: 'long', message: '太长' },
    { path: 'secret', code: 'unknown', message: '多余' },
  ]
  expect(await attempt(() => Promise.reject(new Problem({ status: 422, code: 'invalid_input', detail: '请修改', fields })))).toBe(false)
  await nextTick()
  const input = page.get('input')
  expect(input.attributes('aria-invalid')).toBe('true')
  expect(page.get(`#${input.attributes('aria-describedby')}`).text()).toBe('太长')
  expect(page.get('[role=alert]').text()).toContain('secret：多余')
  await page.get('[role=alert] a').trigger('click')
  expect(document.activeElement).toBe(input.element)
  page.unmount()
})

it('forgets the faults when the next attempt goes through', async () => {
  const { page, attempt } = form()
  await attempt(() => Promise.reject(new Problem({ status: 409, code: 'x', detail: '冲突' })))
  expect(await attempt(() => Promise.resolve())).toBe(true)
  await nextTick()
  expect(page.find('[role=alert]').exists()).toBe(false)
  page.unmount()
})

it('registers what a firm declared and leaves out what it did not', () => {
  const form = { ...emptyRegistration(), credit_code: ' 91500107ma5u0000xx', name: '甲', industry: 'industry', head_count: 0, login: ' a ', password: ' p ' }
  expect(registrationRequest(form)).toEqual({
    kind: 'enterprise', credit_code: '91500107MA5U0000XX', name: '甲', industry: 'industry', head_count: 0, district: '', person_name: '', login: 'a', password: ' p ',
  })
})

it('asks for every entry of a registration in exactly one step', () => {
  expect(steps.flatMap((step) => step.entries as readonly string[]).sort()).toEqual(Object.keys(emptyRegistration()).sort())
})

it('changes nothing of a firm but what was changed', () => {
  const before = { ...emptyFirm(), name: '甲', account_number: '****1234', chains: ['a'] }
  expect(changes(before, { ...before, chains: ['a', 'b'], head_count: null, revenue_fen: 5 })).toEqual({ chains: ['a', 'b'], revenue_fen: 5 })
})

it('goes on to places within the site only', () => {
  expect(['/my/claims?x=1', '//evil.example', '/\\evil.example', 'https://evil.example', undefined].map(safeNext)).toEqual(['/my/claims?x=1', '/', '/', '/', '/'])
})

it('sorts files by what the house takes', () => {
  const file = (name: string, size: number) => new File(['x'.repeat(size)], name)
  const rules = { extensions: ['.pdf'], maxBytes: 5 }
  const { taken, refused } = sortFiles([file('a.PDF', 3), file('b.exe', 3), file('c.pdf', 0), file('d.pdf', 6)], rules)
  expect(taken.map((one) => one.name)).toEqual(['a.PDF'])
  expect(refused.map((one) => one.reason)).toEqual(['type', 'empty', 'size'])
})
