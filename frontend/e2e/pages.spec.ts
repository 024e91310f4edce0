import { expect, test, type Page } from '@playwright/test'
import { logIn, sitDown } from './people'
import { open, type City } from './server'
import { sound } from './sound'

/**
 * Every page for those who may open it: it loads without an error in the console,
 * axe finds nothing, and on a narrow screen nothing scrolls sideways. `first`
 * opens what the first link of a list leads to.
 */
interface Visit {
  path: string
  first?: boolean
}

const at = (...paths: string[]): Visit[] => paths.map((path) => ({ path }))
const list = (...paths: string[]): Visit[] => paths.flatMap((path) => [{ path }, { path, first: true }])

const rooms: Record<string, { login: string; visits: Visit[] }> = {
  visitor: {
    login: '',
    visits: [...at('/', '/login', '/register', '/calculator', '/policies/chongqing-demo-2026', '/no-such-page'), ...list('/services', '/providers', '/policies', '/notices', '/draws')],
  },
  enterprise: {
    login: 'jiashi',
    visits: [...at('/needs/new', '/organisation', '/account', '/notifications'), ...list('/needs', '/agreements', '/claims', '/clawbacks')],
  },
  provider: {
    login: 'lianglu',
    visits: [
      ...at('/provider/offers/new', '/provider/receivables', '/organisation', '/clawbacks'),
      ...list('/provider/offers', '/provider/leads', '/provider/agreements?view=all', '/provider/claims?view=all'),
    ],
  },
  district: { login: 'district-lj', visits: [
      ...list('/desk/enterprises?view=verified', '/desk/agreements?view=all', '/desk/claims', '/desk/claims?view=all', '/clawbacks'),
      ...at('/budget', '/budget/acts', '/ledger/statement?account=paid&from=2026-01-01&to=2027-12-31'),
      ...list('/ledger'),
    ],
  },
  city: {
    login: 'city-a',
    visits: [
      ...at('/desk/notices', '/desk/notices?view=closed', '/desk/objections', '/desk/objections?view=dismissed', '/authoring', '/authoring/new'),
      ...list('/clawbacks?view=open', '/desk/claims', '/desk/agreements', '/desk/enterprises?view=verified', '/desk/notices?view=open'),
    ],
  },
  finance: {
    login: 'finance',
    visits: [...at('/batches', '/budget', '/budget/acts?view=proposed', '/ledger/statement'), ...list('/batches?view=all', '/ledger?account=paid', '/ledger/closings', '/clawbacks', '/clawbacks?view=closed')],
  },
  auditor: { login: 'auditor', visits: [...at('/record', '/desk/objections', '/authoring', '/budget', '/budget/acts'), ...list('/desk/claims', '/desk/agreements', '/batches', '/ledger', '/clawbacks?view=all')] },
  operator: { login: 'operator', visits: at('/record', '/organisation') },
}

let city: City
test.beforeAll(async () => {
  city = await open()
})
test.afterAll(() => city?.close())

/** Headed, and nothing on its way any more. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('main').getByText('正在加载…')).toHaveCount(0)
}

const rows = (page: Page) => page.getByRole('main').locator('table tbody a, li article h2 a, li article h3 a, li.card a, ul[role=list] li h2 a, ul[role=list] li h3 a')

for (const [who, room] of Object.entries(rooms)) {
  test.describe(who, () => {
    let page: Page
    const errors: string[] = []

    test.beforeAll(async ({ browser }) => {
      page = await sitDown(browser, city)
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text())
      })
      if (room.login) await logIn(page, room.login)
    })
    test.afterAll(() => page.context().close())

    for (const { path, first } of room.visits) {
      test(first ? `the first of ${path}` : path, async () => {
        errors.length = 0
        await page.setViewportSize({ width: 1280, height: 900 })
        await page.goto(path)
        await settled(page)
        if (first) {
          await rows(page).first().click()
          await expect(page).not.toHaveURL(new RegExp(`${path.replace(/[?.]/g, '\\$&')}$`))
          await settled(page)
        }
        await sound(page)
        expect.soft(errors).toEqual([])
        await expect(page).toHaveTitle(/ · 云惠|云惠 · /)
      })
    }
  })
}
