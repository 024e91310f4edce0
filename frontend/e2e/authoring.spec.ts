import { expect, test, type Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { agree, enter, logIn, sees, sitDown } from './people'
import { fillCase, fillScheme, part, type Scheme } from './policy-form'
import { open, type City } from './server'
import { sound } from './sound'

/** An officer writes Guizhou's scheme from an empty form; another publishes it; firms get what it says, before and after its next version. */

let city: City
let scheme: Scheme
const people: Record<'author' | 'second' | 'visitor', Page> = {} as never
const code = 'guizhou-e2e'

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  const text = await readFile(join(import.meta.dirname, '../../subsidies/policies/guizhou.json'), 'utf8')
  scheme = { ...(JSON.parse(text) as Scheme), code }
  city = await open()
  for (const who of ['author', 'second', 'visitor'] as const) people[who] = await sitDown(browser, city)
})

test.afterAll(async () => {
  await Promise.all(Object.values(people).map((page) => page.context().close()))
  await city?.close()
})

const checked = (page: Page, words: string | RegExp) => expect(page.locator('summary', { hasText: words }).first()).toBeVisible({ timeout: 20_000 })

test('an officer writes the scheme from an empty form, with its test cases', async () => {
  const page = people.author
  await logIn(page, 'city-a')
  await enter(page, '政策编写')
  await page.getByRole('link', { name: '新建政策' }).first().click()
  await page.getByRole('button', { name: '从空白开始' }).click()
  await checked(page, /处需要改正/)
  await fillScheme(page, scheme)
  await checked(page, '没有需要改正的')

  await part(page, '测试用例')
  await fillCase(page, 1, { name: { zh: '基础设施按四成', en: 'Infrastructure at 40 %' }, on: '2026-11-01', category: 'infra', listYuan: '100000', subsidyYuan: '40000' })
  await fillCase(page, 2, { name: { zh: '应用首次封顶五万', en: 'Applications, capped at first' }, on: '2026-11-01', category: 'app', listYuan: '100000', subsidyYuan: '60000' })
  await checked(page, '用例通过 1 / 2')
  await sees(page, '政府补贴应为 ¥60,000.00，实为 ¥50,000.00')
  await expect(page.getByRole('button', { name: '提交复核' })).toBeDisabled()
  await page.getByLabel(/^政府补贴/).nth(1).fill('50000')
  await fillCase(page, 3, { name: { zh: '应用以后封顶三万', en: 'Applications, capped later' }, on: '2026-11-01', category: 'app', listYuan: '100000', purchases: '1', subsidyYuan: '30000' })
  await checked(page, '用例通过 3 / 3')
  await sees(page, '已保存')
})

test('what was typed survives a reload, and goes out as YAML and back unchanged', async () => {
  const page = people.author
  await page.reload()
  await checked(page, '用例通过 3 / 3')
  await part(page, '补贴标准')
  await expect(page.getByRole('textbox', { name: /^比例/ }).nth(1)).toHaveValue('60')
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出 YAML' }).click()
  const yaml = await readFile(await (await downloading).path(), 'utf8')
  expect(yaml).toContain('guizhou-e2e')
  await page.getByRole('button', { name: '导入 YAML' }).click()
  const file = page.getByLabel(/选择 YAML/)
  await file.setInputFiles({ name: 'broken.yaml', mimeType: 'text/yaml', buffer: Buffer.from('code: [') })
  await sees(page, /行/)
  await expect(page.getByRole('textbox', { name: /^比例/ }).nth(1)).toHaveValue('60')
  await file.setInputFiles({ name: 'scheme.yaml', mimeType: 'text/yaml', buffer: Buffer.from(yaml) })
  await expect(page.getByText('已导入')).toBeVisible()
  await checked(page, '用例通过 3 / 3')
})

test('every part of the editor can be read by all, on a narrow screen too', async () => {
  const page = people.author
  const names = await page.getByRole('navigation', { name: '政策的各部分' }).getByRole('link').allTextContents()
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) {
    await part(page, name.trim().replace(/\d.*$/, '').trim())
    await sound(page)
  }
})

test('the author cannot publish it; a second officer does', async () => {
  const page = people.author
  await page.getByRole('button', { name: '提交复核' }).click()
  await agree(page, '提交复核')
  await sees(page, '须由另一位市级经办复核发布')
  await expect(page.getByRole('button', { name: '发布', exact: true })).toHaveCount(0)

  await logIn(people.second, 'city-b')
  await enter(people.second, '政策编写')
  await people.second.getByRole('link', { name: scheme.title.zh }).first().click()
  await sees(people.second, '您没有参与编写')
  await people.second.getByRole('button', { name: '发布', exact: true }).click()
  await agree(people.second, '发布')
  await sees(people.second, '已发布')
})

test("a firm's quote follows it", async () => {
  const page = people.visitor
  await page.goto(`/calculator?policy=${code}&category=infra&depth=resource&price_fen=10000000`)
  await sees(page, '¥40,000.00')
})
