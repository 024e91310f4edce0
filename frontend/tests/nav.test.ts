import { expect, it } from 'vitest'
import { doorsFor, publicDoors } from '@/app/nav'
import { routes } from '@/app/router'
import zhShell from '@/locales/zh-CN/shell'

const roles = ['enterprise', 'provider', 'district_officer', 'city_officer', 'finance', 'auditor', 'operator'] as const
const words: Record<string, string> = zhShell.nav

it('shows a visitor no door of any role, and nobody a door that leads nowhere', () => {
  expect(doorsFor('', () => true)).toEqual([])
  for (const role of roles) expect(doorsFor(role, () => false)).toEqual([])
})

it('has words for every door', () => {
  for (const door of [...publicDoors, ...roles.flatMap((role) => doorsFor(role, () => true))]) {
    expect(words[door.label.replace('shell.nav.', '')], door.label).toBeTruthy()
  }
})

it('keeps payment batches to those who handle them', () => {
  const opens = (role: (typeof roles)[number]) => doorsFor(role, () => true).some((door) => door.route === 'finance.batches')
  expect(roles.filter(opens)).toEqual(['city_officer', 'finance', 'auditor'])
})

it('names every page once and gives it a title', () => {
  const names = routes.map((route) => route.name)
  expect(new Set(names).size).toBe(names.length)
  for (const route of routes) expect(route.name === 'home' || route.meta?.title, String(route.name)).toBeTruthy()
})
