import { expect, type Locator, type Page } from '@playwright/test'

/** Filling the policy editor as an officer does: part by part, by the words on the screen. */

export interface Words {
  zh: string
  en: string
}

interface Selector {
  categories?: string[]
  purchase?: string
}

/** The parts of a scheme that this form-filler knows; the schema of the product knows more. */
export interface Scheme {
  code: string
  version: number
  title: Words
  note: Words
  authority: Words
  region: string
  sources: { title: string; url: string }[]
  clauses: { number: string; text: Words; computes: string[] }[]
  base: { clause: string }
  rates: { clause: string; applies_to: Selector; rate_bp: number }[]
  caps: { clause: string; applies_to: Selector; limit_fen: number }[]
  evidence: string[]
}

export interface Case {
  name: Words
  on: string
  category: string
  listYuan: string
  purchases?: string
  subsidyYuan: string
}

const categoryNames: Record<string, string> = { infra: '基础设施上云', platform: '平台系统上云', app: '业务应用上云', device: '设备上云', data: '数据上云', iip: '上工业互联网平台' }
const computesNames: Record<string, string> = { rates: '补贴标准', caps: '上限', base: '补贴基数', procedure: '程序性规定' }
const evidenceNames: Record<string, string> = { voucher: '服务券', contract: '合同', invoice: '发票', payment: '付款凭证' }
const purchaseNames: Record<string, string> = { first: '首次购买', later: '后续购买' }

/** Whole yuan or per cent from fen or basis points: the schemes filled in here have no fractions. */
const hundredth = (value: number) => String(Math.trunc(value / 100))

export async function part(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: '政策的各部分' }).getByRole('link', { name: new RegExp(`^${name}`) }).click()
  await expect(page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible()
}

export const item = (page: Page, name: string): Locator => page.getByRole('group', { name, exact: true })
const choose = (within: Locator | Page, label: string) => within.getByRole('combobox', { name: new RegExp(`^${label}`) })

async function words(within: Locator | Page, label: string, text: Words): Promise<void> {
  await within.getByLabel(`${label}（中文）`).fill(text.zh)
  await within.getByLabel(`${label}（英文）`).fill(text.en)
}

const clause = (within: Locator | Page, number: string) => choose(within, '依据条款').selectOption(number)

async function appliesTo(within: Locator, selector: Selector): Promise<void> {
  await within.locator('summary', { hasText: '适用范围' }).click()
  for (const category of selector.categories ?? []) await choose(within, '服务类别').selectOption({ label: categoryNames[category] })
  if (selector.purchase) await choose(within, '第几次购买').selectOption({ label: purchaseNames[selector.purchase] })
}

export async function fillScheme(page: Page, scheme: Scheme): Promise<void> {
  await part(page, '基本信息')
  await words(page, '名称', scheme.title)
  await page.getByLabel('政策代码').fill(scheme.code)
  await page.getByLabel('版本号').fill(String(scheme.version))
  await choose(page, '性质').selectOption({ label: '现行，可据此申请' })
  await words(page, '性质说明', scheme.note)
  await words(page, '发文机关', scheme.authority)
  await page.getByLabel('适用地区').fill(scheme.region)

  await part(page, '依据和出处')
  for (const [at, source] of scheme.sources.entries()) {
    await page.getByRole('button', { name: '添加出处' }).click()
    const one = item(page, `出处 ${at + 1}`)
    await one.getByLabel(/^名称/).fill(source.title)
    await one.getByLabel(/^网址/).fill(source.url)
    await choose(one, '怎样得知').selectOption({ label: '已查阅' })
  }

  await part(page, '条款')
  for (const [at, one] of scheme.clauses.entries()) {
    await page.getByRole('button', { name: '添加条款' }).click()
    const here = item(page, `条款 ${at + 1}`)
    await here.getByLabel('编号').fill(one.number)
    await words(here, '条文', one.text)
    await here.locator('summary', { hasText: '用于哪些部分' }).click()
    for (const name of one.computes) await here.getByRole('checkbox', { name: computesNames[name], exact: true }).check()
  }

  await part(page, '补贴基数')
  await clause(page, scheme.base.clause)
  await choose(page, '按什么金额').selectOption({ label: '合同价' })
  await choose(page, '增值税').selectOption({ label: '含税' })

  await part(page, '补贴标准')
  for (const [at, rate] of scheme.rates.entries()) {
    await page.getByRole('button', { name: '添加补贴标准' }).click()
    const here = item(page, `补贴标准 ${at + 1}`)
    await clause(here, rate.clause)
    await appliesTo(here, rate.applies_to)
    await here.getByRole('textbox', { name: /^比例/ }).fill(hundredth(rate.rate_bp))
  }

  await part(page, '上限和下限')
  for (const [at, cap] of scheme.caps.entries()) {
    await page.getByRole('button', { name: '添加上限' }).click()
    const here = item(page, `上限 ${at + 1}`)
    await clause(here, cap.clause)
    await choose(here, '按什么累计').selectOption({ label: '每次申请' })
    await appliesTo(here, cap.applies_to)
    await here.getByLabel(/^上限金额/).fill(hundredth(cap.limit_fen))
  }

  await part(page, '办理方式')
  await choose(page, '付给谁').selectOption({ label: '企业' })
  await choose(page, '兑付方式').selectOption({ label: '服务券' })
  for (const kind of scheme.evidence) await page.getByRole('checkbox', { name: evidenceNames[kind], exact: true }).check()
  await page.getByLabel('公示工作日').fill('0')
  await page.getByLabel('额度保留天数').fill('0')
  await choose(page, '取整方式').selectOption({ label: '向下取整' })
  await page.getByLabel('取整单位').fill('0.01')
}

export async function fillCase(page: Page, at: number, one: Case): Promise<void> {
  await page.getByRole('button', { name: '添加测试用例' }).click()
  const here = item(page, `测试用例 ${at}`)
  await words(here, '名称', one.name)
  await here.getByLabel('申请日期').fill(one.on)
  await here.getByRole('button', { name: '添加购买的服务' }).click()
  const line = item(page, '购买的服务 1').nth(at - 1)
  await choose(line, '服务类别').selectOption({ label: categoryNames[one.category] })
  await line.getByLabel('标价').fill(one.listYuan)
  if (one.purchases) {
    await here.locator('summary', { hasText: '此前已获的补贴' }).click()
    await here.getByLabel(/购买次数/).fill(one.purchases)
  }
  await choose(here, '是否符合条件').selectOption({ label: '是' })
  await here.getByLabel(/^政府补贴/).fill(one.subsidyYuan)
}
