import { expect, test, type Page } from '@playwright/test'
import { enter, logIn, sees, sitDown } from './people'
import { open, type City } from './server'

/** Money that was paid and is not due: proposed, ordered by another officer, paid back, and free to be spent again. */

const policy = 'chongqing-demo-2026'
const firm = '佳石示例汽车零部件有限公司'

let city: City
const people: Record<'district' | 'city' | 'finance' | 'firm' | 'visitor', Page> = {} as never

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  city = await open()
  for (const who of ['district', 'city', 'finance', 'firm', 'visitor'] as const) people[who] = await sitDown(browser, city)
})

test.afterAll(async () => {
  await Promise.all(Object.values(people).map((page) => page.context().close()))
  await city?.close()
})

/** What was paid under the policy and not given back, both levels together. */
async function paid(): Promise<number> {
  const answer = await people.visitor.request.get(`${city.url}/api/v1/policies/${policy}`)
  return ((await answer.json()) as { meter: { paid_fen: number }[] }).meter.reduce((all, row) => all + row.paid_fen, 0)
}

let address = ''
let number = ''
let before = 0

test('a district officer proposes on the page of a paid claim', async () => {
  const page = people.district
  await logIn(page, 'district-lj')
  await page.goto('/desk/claims?view=paid')
  await page.getByRole('main').locator('tbody').getByRole('link', { name: firm }).first().click()
  await page.getByRole('link', { name: '提出追回' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '提出追回' })).toBeVisible()
  await page.getByRole('button', { name: '提交决定' }).click()
  await sees(page, '请选择追回事由')
  await page.getByLabel('事由').selectOption({ label: '拨付后更正：多付部分退回' })
  await page.getByLabel('追回金额').fill('300')
  await page.getByLabel('查实的情况').fill('补充协议核减了用户数，多付部分退回。')
  await page.getByRole('button', { name: '提交决定' }).click()
  await expect(page).toHaveURL(/\/clawbacks\/[0-9a-f-]{36}$/)
  address = new URL(page.url()).pathname
  await sees(page, '待第二人决定')
  number = (await page.locator('.lead .figures').first().textContent()) ?? ''
  await expect(page.getByRole('button', { name: '决定追回' })).toHaveCount(0)
})

test('the debtor sees nothing of a proposal', async () => {
  const page = people.firm
  await logIn(page, 'jiashi')
  await page.goto(address)
  await sees(page, '没有找到')
})

test('a second officer orders it', async () => {
  const page = people.city
  await logIn(page, 'city-b')
  await enter(page, '追回')
  before = await paid()
  await page.getByRole('row', { name: new RegExp(number) }).getByRole('link').click()
  await page.getByRole('button', { name: '决定追回' }).click()
  await page.getByLabel('决定文号').fill('云惠演示追〔2026〕99号')
  await page.getByRole('button', { name: '确认决定追回' }).click()
  await sees(page, '待退回')
  expect(await paid()).toBe(before)
})

test('finance agrees instalments and records what came back', async () => {
  const page = people.finance
  await logIn(page, 'finance')
  await page.goto(address)
  await page.getByLabel('期数').fill('2')
  await page.getByRole('button', { name: '确认分期' }).click()
  await expect(page.getByRole('row', { name: /¥150\.00/ })).toHaveCount(2)
  await page.getByLabel('到账金额').fill('150')
  await page.getByLabel('银行流水号').fill('E2E-0001')
  await page.getByRole('button', { name: '登记收款' }).click()
  await sees(page, '已还清')
  expect(before - (await paid()), 'the budget is refilled').toBe(15_000)
})

test('one bank reference is one receipt, and no more is taken than is owed', async () => {
  const page = people.finance
  await page.getByLabel('到账金额').fill('150')
  await page.getByLabel('银行流水号').fill('e2e-0001')
  await page.getByRole('button', { name: '登记收款' }).click()
  await sees(page, '此银行流水号已登记过一笔收款')
  await page.getByLabel('到账金额').fill('150.01')
  await page.getByLabel('银行流水号').fill('E2E-0002')
  await page.getByRole('button', { name: '登记收款' }).click()
  await sees(page, '尚未收回的只有 150.00 元')
  expect(before - (await paid())).toBe(15_000)
})

test('the debtor sees what is due and how to pay, and pays the rest', async () => {
  const page = people.firm
  await page.goto('/clawbacks')
  await page.getByRole('row', { name: new RegExp(number) }).getByRole('link').click()
  await sees(page, '怎样退回')
  await sees(page, `附言写明“${number}”`)
  const finance = people.finance
  await finance.getByLabel('到账金额').fill('150')
  await finance.getByLabel('银行流水号').fill('E2E-0003')
  await finance.getByRole('button', { name: '登记收款' }).click()
  await sees(finance, '已了结')
  expect(before - (await paid())).toBe(30_000)
  await page.reload()
  await sees(page, '没有需要退回的款项')
})
