import { expect, test, type Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fillClaim } from './claiming'
import { cityDay } from './made-up'
import { clerk } from './office'
import { agree, enter, logIn, sees, sitDown } from './people'
import { fillCase, fillScheme, part, type Scheme } from './policy-form'
import { open, type City } from './server'
import { sound } from './sound'

/** An officer writes Guizhou's scheme from an empty form; another publishes it; firms get what it says, before and after its next version. */

let city: City
let scheme: Scheme
const people: Record<'author' | 'second' | 'visitor' | 'firm', Page> = {} as never
const code = 'guizhou-e2e'
const provider = { login: 'lianglu', name: '两路样例企业管理软件有限公司' }
const firm = 'jiashi'
const district = 'district-lj'
/** From this many days ahead the next version holds. */
const ahead = 10

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  const text = await readFile(join(import.meta.dirname, '../../subsidies/policies/guizhou.json'), 'utf8')
  scheme = { ...(JSON.parse(text) as Scheme), code }
  city = await open()
  for (const who of ['author', 'second', 'visitor', 'firm'] as const) people[who] = await sitDown(browser, city)
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

test('it is simulated: what it costs, where, and how that follows one rate', async () => {
  const page = people.author
  await page.getByRole('link', { name: '测算影响' }).click()
  await page.getByLabel('数量').fill('200000')
  await page.getByRole('button', { name: '开始测算' }).click()
  await page.getByRole('button', { name: '取消' }).click()
  await sees(page, /已取消/)

  await page.getByLabel('数量').fill('2000')
  const lever = page.getByLabel(/^敏感性/)
  await lever.selectOption({ label: '补贴标准 › 第 2 项 › 比例 · 60%' })
  await page.getByLabel(/^试哪些值/).fill('40，50，60')
  await page.getByRole('button', { name: '开始测算' }).click()
  await expect(page.getByRole('heading', { name: '测算结果' })).toBeVisible({ timeout: 60_000 })
  await page.locator('figure', { hasText: '敏感性' }).getByText('以表格查看').click()
  await expect(page.locator('figure', { hasText: '敏感性' }).getByRole('row')).toHaveCount(4)
  await sound(page)
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出 Excel' }).click()
  expect((await downloading).suggestedFilename()).toContain('.xlsx')
  await page.getByRole('link', { name: '返回草稿' }).click()
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

const told = (page: Page, words: string | RegExp) => sees(page, words, 30_000)

test('the city votes money for it', async () => {
  const [officer, finance] = await Promise.all([clerk(city, 'city-a'), clerk(city, 'finance')])
  const act = { kind: 'supplement', policy: code, scope: 'city', amount_fen: 100_000_000, document_number: '云惠财〔2026〕1号', dated_on: cityDay(), reason: '首年资金' }
  const made = await officer.post<{ id: string; version: number }>('/api/v1/appropriation-acts', act)
  await finance.post(`/api/v1/appropriation-acts/${made.id}/approve`, { version: made.version })
  await Promise.all([officer.close(), finance.close()])
})

/** Signs an agreement under the scheme: drafted by the firm on the page, agreed by all, accepted by the district; its page is open after it. */
async function sign(): Promise<{ contract: number; subsidy: number }> {
  const page = people.firm
  const seller = await clerk(city, provider.login)
  const offers = await seller.get<{ items: { id: string; category: string; provider: { name: string } }[] }>('/api/v1/offers?category=app&page_size=50')
  const offer = offers.items.find((one) => one.provider.name === provider.name)
  await page.goto(`/agreements/new?offer_id=${offer?.id}&policy=${code}`)
  await expect(page.getByLabel('适用政策')).toHaveValue(code)
  await page.getByRole('button', { name: '起草并送服务商确认' }).click()
  await told(page, '待服务商确认')
  const id = page.url().split('/').pop() ?? ''
  await seller.post(`/api/v1/agreements/${id}/confirm`, {})
  const buyer = await clerk(city, firm)
  await buyer.post(`/api/v1/agreements/${id}/confirm`, {})
  const officer = await clerk(city, district)
  await officer.post(`/api/v1/agreements/${id}/accept`, {})
  await Promise.all([seller.close(), buyer.close(), officer.close()])
  await page.reload()
  const fen = async (label: string) => Number(await page.locator('.legs__figure', { hasText: label }).first().locator('.legs__amount data').getAttribute('value'))
  const subsidy = await fen('政府补贴')
  return { contract: subsidy + (await fen('企业自付')), subsidy }
}

/** The firm claims on the agreement that is open. */
async function claims(contract: number, day: string): Promise<void> {
  await people.firm.getByRole('button', { name: '申请兑付' }).click()
  await fillClaim(people.firm, contract, day, ['voucher', 'contract', 'invoice', 'payment'])
}

test('the next version changes a rate from a day on', async () => {
  const page = people.author
  await page.goto(`/policies/${code}`)
  await page.getByRole('link', { name: '起草下一版' }).click()
  await page.getByRole('button', { name: '起草下一版' }).click()
  await checked(page, /处需要改正/)
  await page.getByLabel(/^自何日起适用/).fill(cityDay(ahead))
  await part(page, '补贴标准')
  await page.getByRole('textbox', { name: /^比例/ }).nth(1).fill('50')
  await checked(page, /用例通过 \d \/ 3/)
  await part(page, '测试用例')
  for (const at of [0, 1, 2]) await page.getByLabel('申请日期').nth(at).fill(cityDay(ahead))
  await checked(page, '用例通过 3 / 3')
  await part(page, '与上一版比较')
  await sees(page, /60%.*50%/)
  await page.getByRole('button', { name: '提交复核' }).click()
  await agree(page, '提交复核')
  await sees(page, '须由另一位市级经办复核发布')

  await enter(people.second, '政策编写')
  await people.second.getByRole('link', { name: '待复核发布' }).click()
  await people.second.getByRole('link', { name: scheme.title.zh }).first().click()
  await people.second.getByRole('button', { name: '发布', exact: true }).click()
  await agree(people.second, '发布')
  await sees(people.second, '已发布')

  await people.visitor.goto(`/policies/${code}`)
  await sees(people.visitor, '现行版本')
  await sees(people.visitor, '尚未生效')
  await people.visitor.goto(`/policies/${code}?version=2`)
  await sees(people.visitor, /比例.*60%.*50%/)
})

const sixty = (contract: number) => Math.floor((contract * 60) / 100)
const fifty = (contract: number) => Math.floor((contract * 50) / 100)

test('a claim before that day gets the old rate', async () => {
  await logIn(people.firm, firm)
  const { contract, subsidy } = await sign()
  expect(subsidy).toBe(sixty(contract))
  await claims(contract, cityDay())
  await sees(people.firm, '60%')
})

test('a claim after it gets the new one', async () => {
  await city.wait(24 * (ahead + 1))
  await people.visitor.goto(`/calculator?policy=${code}&category=app&depth=business&price_fen=1000000`)
  await sees(people.visitor, '¥5,000.00')
  await logIn(people.firm, firm)
  const { contract, subsidy } = await sign()
  expect(subsidy).toBe(fifty(contract))
  await claims(contract, cityDay(ahead + 1))
  await sees(people.firm, '50%')
})

test('two officers who write at once lose nothing, nor does one without a connection', async () => {
  const { author, second } = people
  await Promise.all([logIn(author, 'city-a'), logIn(second, 'city-b')])
  await author.goto('/authoring/new')
  await author.getByRole('button', { name: '从空白开始' }).click()
  await author.getByLabel('名称（中文）').fill('初稿')
  await sees(author, '已保存')
  const draft = author.url()
  await second.goto(draft)
  await second.getByLabel('名称（中文）').fill('乙改的名称')
  await sees(second, '有未保存的修改')
  await sees(second, '已保存')

  await author.getByLabel('名称（中文）').fill('甲改的名称')
  await sees(author, '这份草稿在别处被改过')
  await author.getByRole('button', { name: '用我的继续，对方的另存' }).click()
  await expect(author.getByText('这份草稿在别处被改过')).toBeHidden()
  await sees(author, '已保存')

  await author.route('**/api/v1/policy-drafts/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()))
  await author.getByLabel('名称（英文）').fill('Typed without a connection')
  await sees(author, '没有保存成功')
  await author.unrouteAll()
  await author.goto(draft)
  await sees(author, '已恢复您上次未能保存的内容')
  await expect(author.getByLabel('名称（英文）')).toHaveValue('Typed without a connection')
  await sees(author, '已保存')

  await enter(author, '政策编写')
  await sees(author, '甲改的名称')
  await sees(author, '乙改的名称')
})
