import { expect, type Browser, type Page } from '@playwright/test'
import type { City } from './server'

/** All demo people share it; the login page shows it. */
const password = 'Shancheng-2026'

/** A person at a browser of their own. */
export async function sitDown(browser: Browser, city: City): Promise<Page> {
  const context = await browser.newContext({ baseURL: city.url, acceptDownloads: true })
  return context.newPage()
}

/** Logs in by the form, as a person does, and arrives at the home page. */
export async function logIn(page: Page, login: string, secret = password): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('用户名').fill(login)
  await page.getByLabel('密码').fill(secret)
  await page.getByRole('main').getByRole('button', { name: '登录', exact: true }).click()
  await expect(page).not.toHaveURL(/\/login/)
}

/** Opens a door of the work bar. */
export async function enter(page: Page, door: string): Promise<void> {
  await page.getByRole('navigation', { name: '我的工作' }).getByRole('link', { name: door, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: door })).toBeVisible()
}

/** Says yes in the box that asks before an act. */
export async function agree(page: Page, act: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: act, exact: true }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
}

/** Waits until something with these words is to be seen on the page itself. */
export async function sees(page: Page, words: string | RegExp, timeout?: number): Promise<void> {
  await expect(page.getByRole('main').getByText(words).filter({ visible: true }).first()).toBeVisible({ timeout })
}
