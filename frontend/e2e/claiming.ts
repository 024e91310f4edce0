import { type Page } from '@playwright/test'
import { invoiceNumber, pdf } from './made-up'
import { sees } from './people'

/** The name of each kind of evidence on the page. */
export const evidenceNames = { contract: '合同', invoice: '发票', payment: '付款凭证', acceptance: '验收报告', voucher: '服务券' } as const

/** Fills in a claim that is open, over the whole contract, and hands it in. */
export async function fillClaim(page: Page, contractFen: number, day: string, kinds: readonly (keyof typeof evidenceNames)[]): Promise<void> {
  const yuan = `${Math.trunc(contractFen / 100)}.${String(contractFen % 100).padStart(2, '0')}`
  const seed = Date.now()
  await page.getByLabel('合同编号').fill(`YH-E2E-${seed}`)
  await page.getByLabel('合同签订日期').fill(day)
  await page.getByLabel('验收日期').fill(day)
  await page.getByLabel('发票号码').fill(invoiceNumber(day.slice(0, 4), seed))
  await page.getByLabel('开票日期').fill(day)
  await page.getByLabel('金额（含税）').fill(yuan)
  await page.getByLabel('付款日期').fill(day)
  await page.getByLabel('付款金额').fill(yuan)
  await page.getByLabel('银行流水号').fill(`E2E${seed}`)
  for (const kind of kinds) {
    const label = evidenceNames[kind]
    await page.getByLabel(new RegExp(`^${label}（必交）|^${label}点击|^${label}\\s`)).setInputFiles({ name: `${kind}.pdf`, mimeType: 'application/pdf', buffer: pdf(`${kind} ${seed}`) })
    await sees(page, `${kind}.pdf`)
  }
  await page.getByRole('checkbox', { name: /我承诺/ }).check()
  await page.getByRole('button', { name: '提交申请' }).click()
  await sees(page, '待服务商确认', 30_000)
}
