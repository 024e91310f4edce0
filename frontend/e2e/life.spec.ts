import { expect, test, type Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { fillClaim } from './claiming'
import { cityDay, creditCode } from './made-up'
import { agree, enter, logIn, sees, sitDown } from './people'
import { open, type City } from './server'

/** The whole life of one subsidy: five people, each at a browser of their own, and a visitor who looks on. */

const firm = { name: '两江一日精密机械有限公司', code: creditCode(271_828), login: 'yiri-e2e', secret: 'Jialing-7419-xin' }
const provider = '两路样例企业管理软件有限公司'
const policy = 'chongqing-demo-2026'
const offer = '供应商送货协同'
const need = '供应商送货没有计划，约时间靠电话，收货要重新录入。希望供应商在网页上看计划、打标签，收货扫码入账。'

let city: City
const people: Record<'firm' | 'provider' | 'district' | 'city' | 'finance' | 'visitor', Page> = {} as never

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  city = await open()
  for (const who of ['firm', 'provider', 'district', 'city', 'finance', 'visitor'] as const) people[who] = await sitDown(browser, city)
})

test.afterAll(async () => {
  await Promise.all(Object.values(people).map((page) => page.context().close()))
  await city?.close()
})

interface Meter {
  scope: string
  reserved_fen: number
  awarded_fen: number
  paid_fen: number
}

/** What a visitor reads of the money of the policy, both levels together. */
async function meter(): Promise<Omit<Meter, 'scope'>> {
  const answer = await people.visitor.request.get(`${city.url}/api/v1/policies/${policy}`)
  const rows = ((await answer.json()) as { meter: Meter[] }).meter
  const sum = (key: 'reserved_fen' | 'awarded_fen' | 'paid_fen') => rows.reduce((all, row) => all + row[key], 0)
  return { reserved_fen: sum('reserved_fen'), awarded_fen: sum('awarded_fen'), paid_fen: sum('paid_fen') }
}

const fenOf = async (page: Page, label: string) =>
  Number(await page.locator('.legs__figure', { hasText: label }).first().locator('.legs__amount data').getAttribute('value'))

const told = (page: Page, text: string | RegExp) => expect(page.getByRole('alert').filter({ hasText: text }).first()).toBeVisible()

let contract = 0
let subsidy = 0
let claimNumber = ''
let before: Omit<Meter, 'scope'>

test('a new firm registers', async () => {
  const page = people.firm
  await page.goto('/register')
  await page.getByLabel('统一社会信用代码').fill(firm.code)
  await page.getByLabel('企业名称').fill(firm.name)
  await page.getByLabel('所属行业').selectOption({ label: '工业' })
  await page.getByLabel('从业人员').fill('86')
  await page.getByLabel('上年营业收入').fill('18000000')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('所在区县').selectOption({ label: '两江新区' })
  await page.getByLabel('成立日期').fill('2016-05-18')
  await page.getByLabel('账户名称').fill(firm.name)
  await page.getByLabel('对公账号').fill('5001070123456789')
  await page.getByLabel('开户银行').fill('示例银行两江支行')
  await page.getByLabel('联行号').fill('102653000123')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('您的姓名').fill('柏舟')
  await page.getByLabel('用户名').fill(firm.login)
  await page.getByLabel('密码').fill(firm.secret)
  await page.getByRole('button', { name: '提交注册' }).click()
  await sees(page, firm.name)
  await expect(page.getByRole('navigation', { name: '我的工作' })).toBeVisible()
})

test('it posts a need, sees ranked matches with reasons and asks a provider', async () => {
  const page = people.firm
  await enter(page, '我的需求')
  await page.getByRole('link', { name: '发布需求' }).first().click()
  await page.getByLabel('标题').fill('供应商送货协同上云')
  await page.getByLabel('具体需求').fill(need)
  await page.getByRole('button', { name: '发布并查看推荐' }).click()
  await expect(page.getByRole('heading', { level: 2, name: '为您推荐' })).toBeVisible()
  await expect(page.getByRole('link', { name: offer }).first()).toBeVisible()
  const asked = page.getByRole('checkbox', { name: new RegExp(provider) })
  await asked.check()
  await page.getByRole('button', { name: /邀请所选 1 家/ }).click()
  await expect(asked).toHaveCount(0)
  await sees(page, '已邀请的服务商')
})

test('the provider proposes', async () => {
  const page = people.provider
  await logIn(page, 'lianglu')
  await enter(page, '需求线索')
  await page.getByRole('link', { name: '邀请我的' }).click()
  await page.getByRole('link', { name: '供应商送货协同上云' }).click()
  await sees(page, firm.name)
  await page.getByLabel('服务', { exact: true }).selectOption({ label: offer })
  await expect(page.getByLabel('规格')).toBeEnabled()
  await page.getByLabel('数量').fill('12')
  await page.getByLabel('优惠合计（元）').fill('432')
  await page.getByLabel('说明').fill('两周上线，含供应商培训。')
  await page.getByRole('button', { name: '提交方案' }).click()
  await sees(page, '等待企业选择')
})

test('the firm chooses and drafts the agreement', async () => {
  const page = people.firm
  await page.reload()
  await page.getByRole('button', { name: new RegExp(`选定此方案.*${provider}`) }).click()
  await agree(page, '选定此方案')
  await page.getByRole('link', { name: '起草服务协议' }).click()
  await page.getByRole('button', { name: '起草并送服务商确认' }).click()
  await sees(page, '待服务商确认')
})

test('both confirm it', async () => {
  await enter(people.provider, '服务协议')
  await people.provider.getByRole('link', { name: firm.name }).click()
  await people.provider.getByRole('button', { name: '确认协议' }).click()
  await sees(people.provider, '待企业确认')
  await people.firm.reload()
  await people.firm.getByRole('button', { name: '确认协议' }).click()
  await agree(people.firm, '确认协议')
  await sees(people.firm, '待区县受理')
})

test('the district verifies the firm and accepts: the budget is reserved to the fen', async () => {
  const page = people.district
  before = await meter()
  await logIn(page, 'district-lj')
  await enter(page, '协议受理')
  await page.getByRole('link', { name: firm.name }).click()
  await page.getByRole('button', { name: '受理并预占额度' }).click()
  await told(page, '企业尚未通过核验')
  expect(await meter()).toEqual(before)

  await page.getByRole('link', { name: '查看企业核验信息' }).click()
  await expect(page.getByRole('heading', { name: /划型结果/ })).toBeVisible()
  await page.getByRole('button', { name: '核验通过' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '企业核验' })).toBeVisible()

  await enter(page, '协议受理')
  await page.getByRole('link', { name: firm.name }).click()
  subsidy = await fenOf(page, '政府补贴')
  expect(subsidy).toBeGreaterThan(0)
  await page.getByRole('button', { name: '受理并预占额度' }).click()
  await expect(page.getByText(/^A\d{4}-\w{8} 已受理，额度已预占$/)).toBeVisible()
  expect(await meter()).toEqual({ ...before, reserved_fen: before.reserved_fen + subsidy })
})

test('the firm claims with invoices, payments and files', async () => {
  const page = people.firm
  await page.reload()
  const list = await fenOf(page, '服务商优惠')
  contract = (await fenOf(page, '政府补贴')) + (await fenOf(page, '企业自付'))
  expect(list).toBe(43_200)
  await page.getByRole('button', { name: '申请兑付' }).click()
  await expect(page.getByLabel('合同编号')).toBeVisible()
  await fillClaim(page, contract, cityDay(), ['contract', 'invoice', 'payment', 'acceptance'])
  claimNumber = (await page.getByText(/^C\d{4}-[A-Z0-9]{8}$/).first().textContent()) ?? ''
  expect(claimNumber).not.toBe('')
})

test('the provider confirms, the district and then the city approve', async () => {
  await enter(people.provider, '兑付确认')
  await people.provider.getByRole('link', { name: firm.name }).click()
  await people.provider.getByRole('button', { name: '情况属实，确认' }).click()
  await sees(people.provider, '待区县审核')

  await logIn(people.city, 'city-a')
  for (const page of [people.district, people.city]) {
    await enter(page, '兑付审核')
    await page.getByRole('row', { name: new RegExp(claimNumber) }).getByRole('link').first().click()
    await sees(page, claimNumber)
    await expect(page.getByRole('heading', { name: '机器核验' })).toBeVisible()
    await page.getByRole('button', { name: '审核通过' }).click()
    await expect(page.getByText(`${claimNumber} 已通过`)).toBeVisible()
  }
})

test('the city puts it on notice, and a visitor sees it', async () => {
  await enter(people.city, '公示管理')
  await people.city.getByRole('checkbox', { name: `选择申请 ${claimNumber}` }).check()
  await people.city.getByRole('button', { name: '发布公示' }).click()
  await agree(people.city, '发布公示')
  await expect(people.city.getByRole('link', { name: /^N\d{4}-/ }).first()).toBeVisible()

  const page = people.visitor
  await page.goto('/notices')
  await page.getByRole('main').getByRole('link', { name: /N\d{4}-/ }).first().click()
  await sees(page, firm.name)
  await expect(page.getByText('柏舟')).toHaveCount(0)
  await page.goto(`/policies/${policy}`)
  await sees(page, '已预占')
})

test('after the working days it is approved, and the money is awarded', async () => {
  await city.wait(240)
  await logIn(people.firm, firm.login, firm.secret)
  await enter(people.firm, '兑付申请')
  await expect(async () => {
    await people.firm.reload()
    await sees(people.firm, '已核准，待拨付', 1500)
  }).toPass({ timeout: 60_000 })
})

test('finance makes a batch, takes it out, brings the results back: paid', async () => {
  const page = people.finance
  await logIn(page, 'finance')
  await enter(page, '拨付批次')
  await page.getByRole('checkbox', { name: `选择申请 ${claimNumber}` }).check()
  await page.getByRole('button', { name: '所选生成批次' }).click()
  await agree(page, '生成批次')
  await page.getByRole('button', { name: '封存批次' }).click()
  await agree(page, '封存批次')

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出 CSV' }).click()
  const list = await readFile((await (await downloading).path()), 'utf8')
  const [head = '', ...lines] = list.trim().split(/\r?\n/)
  expect(list).toContain(claimNumber)
  expect(list).toContain('5001070123456789')

  const bad = [`${head},结果,付款日期,流水号`, ...lines.map((line) => `${line},也许,,`)].join('\r\n')
  const results = page.getByLabel(/拨付结果文件/)
  await results.setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from(bad) })
  await sees(page, /需要改正/)

  const unpaid = await meter()
  const good = [`${head},结果,付款日期,流水号`, ...lines.map((line) => `${line},成功,${cityDay(10)},E2E-0001`)].join('\r\n')
  await results.setInputFiles({ name: 'good.csv', mimeType: 'text/csv', buffer: Buffer.from(good) })
  await sees(page, '结果已登记')
  await sees(page, '已结清')
  await sees(page, '相符')
  expect(await meter()).toEqual({ ...unpaid, awarded_fen: unpaid.awarded_fen - subsidy, paid_fen: unpaid.paid_fen + subsidy })

  await people.firm.reload()
  await sees(people.firm, '已到账')
})
