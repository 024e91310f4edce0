import { readFile } from 'node:fs/promises'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { cityDay } from './made-up'
import { agree, enter, logIn, sees, sitDown } from './people'
import { open, type City } from './server'

/**
 * A payment that failed: the firm proposes another account, a second person
 * confirms it, and until then nothing is ordered to the firm; then it is paid, and
 * the books of both batches come to zero.
 */
test.describe.configure({ mode: 'serial' })

const payee = '江津虚构压铸有限公司'
let city: City
const people: Record<string, Page> = {}
test.beforeAll(async ({ browser }) => {
  city = await open()
  for (const login of ['finance', 'diecast', 'city-a']) {
    people[login] = await sitDown(browser, city)
    await logIn(people[login], login)
  }
})
test.afterAll(async () => {
  for (const page of Object.values(people)) await page.context().close()
  await city?.close()
})

const who = (login: string): Page => people[login] as Page

/** Takes the list out and brings results back; the payee's line has the outcome, every other one is paid. */
async function settle(page: Page, outcome: string): Promise<void> {
  await page.getByLabel('导出格式').selectOption({ label: '标准拨付清单' })
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出 CSV' }).click()])
  const [head = '', ...lines] = (await readFile(await file.path(), 'utf8')).replace('\ufeff', '').trimEnd().split('\r\n')
  expect(head).toContain('统一社会信用代码')
  const rows = lines.map((line) => `${line},${line.includes(payee) ? outcome : `成功,,${cityDay()},E2E-1`}`)
  await page.getByLabel(/拨付结果文件/).setInputFiles({ name: '结果.csv', mimeType: 'text/csv', buffer: Buffer.from([`${head},结果,失败原因,付款日期,流水号`, ...rows].join('\r\n')) })
  await sees(page, '结果已登记')
}

async function agrees(page: Page): Promise<void> {
  const books = page.getByRole('region', { name: '按区县和资金级次对账' })
  await expect(books.getByRole('row').last()).toContainText('合计')
  await sees(page, '相符')
  await expect(page.getByRole('main').getByText(/差额 ¥0\.00/)).toBeVisible()
}

async function clean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 'scrolls sideways').toBe(0)
  if (process.env.E2E_PICTURES) await page.screenshot({ path: `${process.env.E2E_PICTURES}/${test.info().title.slice(0, 24)}-390.png`, fullPage: true })
  await page.setViewportSize({ width: 1280, height: 900 })
  if (process.env.E2E_PICTURES) await page.screenshot({ path: `${process.env.E2E_PICTURES}/${test.info().title.slice(0, 24)}-1280.png`, fullPage: true })
}

test('one payment of a batch fails, and its books come to zero', async () => {
  const page = who('finance')
  await page.goto('/batches?view=exported')
  await page.getByRole('main').locator('table tbody a').first().click()
  await settle(page, '失败,账号已注销,,')
  await sees(page, '已结清')
  await agrees(page)
  await sees(page, '账号已注销')
  await clean(page)
})

test('the firm proposes another account and waits for a second person', async () => {
  const page = who('diecast')
  await page.goto('/organisation')
  await page.getByRole('button', { name: '提出变更' }).click()
  await page.getByLabel('账户名称').fill(payee)
  await page.getByLabel('对公账号').fill('9555000033334444')
  await page.getByLabel('开户银行').fill('另一（虚构）银行')
  await page.getByLabel('联行号').fill('210987654321')
  await page.getByLabel('变更理由').fill('原账户已注销')
  await page.getByRole('button', { name: '提出变更' }).click()
  await sees(page, '待第二人确认')
  await expect(page.getByRole('button', { name: '确认变更' })).toHaveCount(0)
  await clean(page)
})

test('nothing is ordered to the firm meanwhile', async () => {
  const page = who('finance')
  await enter(page, '拨付批次')
  await sees(page, '待确认的收款账户变更')
  await sees(page, /个工作日内付到一半以上/)
  await clean(page)
  await page.getByRole('button', { name: '全部生成批次' }).click()
  await agree(page, '生成批次')
  await sees(page, '收款单位的账户变更待确认，确认后再拨付')
  await expect(page.getByRole('main').locator('table').last()).not.toContainText(payee)
  await clean(page)
  await page.getByRole('button', { name: '封存批次' }).click()
  await agree(page, '封存批次')
  await page.getByRole('link', { name: '打印' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('关于拨付')
  await clean(page)
})

test('an officer who has seen proof confirms it', async () => {
  const page = who('city-a')
  await page.goto('/desk/enterprises')
  await page.getByRole('link', { name: payee }).first().click()
  await sees(page, '9555000033334444')
  await page.getByRole('button', { name: '确认变更' }).click()
  await sees(page, '不能为空')
  await page.getByLabel('核对的证明').fill('开户证明 2026-11-20')
  await page.getByRole('button', { name: '确认变更' }).click()
  await expect(page.getByRole('button', { name: '确认变更' })).toHaveCount(0)
  await who('diecast').goto('/organisation')
  await sees(who('diecast'), '9555000033334444')
  await clean(page)
})

test('the payment is ordered again, to the new account, and paid', async () => {
  const page = who('finance')
  await enter(page, '拨付批次')
  await page.getByRole('button', { name: '全部生成批次' }).click()
  await agree(page, '生成批次')
  await expect(page.getByRole('main').locator('table').last()).toContainText('****4444')
  await page.getByRole('button', { name: '封存批次' }).click()
  await agree(page, '封存批次')
  await settle(page, `成功,,${cityDay()},E2E-2`)
  await sees(page, '已结清')
  await agrees(page)
  await clean(page)
})
