import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Axe finds nothing on the page, and on a narrow screen nothing scrolls sideways. */
export async function sound(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 })
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect.soft(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`), page.url()).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 'scrolls sideways').toBe(0)
  await page.setViewportSize({ width: 1280, height: 900 })
}
