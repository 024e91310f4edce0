import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from '@/api/session'
import { i18n, needRooms } from './i18n'

// A room of the site is found by its routes.ts; nothing is listed twice.
const rooms = import.meta.glob<{ default: RouteRecordRaw[] }>('../features/*/routes.ts', { eager: true })

export const routes: RouteRecordRaw[] = [
  ...Object.values(rooms).flatMap((room) => room.default),
  { path: '/forbidden', name: 'forbidden', component: () => import('./pages/ForbiddenPage.vue'), meta: { title: 'shell.forbidden.title' } },
  { path: '/:path(.*)*', name: 'not-found', component: () => import('./pages/NotFoundPage.vue'), meta: { title: 'shell.notFound.title' } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior(to, from, saved) {
    if (saved) return saved
    if (to.hash) return { el: to.hash }
    return to.path === from.path ? false : { top: 0 }
  },
})

router.beforeEach(async (to) => {
  const roles = to.meta.roles
  if (!roles) return true
  const session = useSession()
  await session.resume()
  if (!session.loggedIn) return { name: 'login', query: { next: to.fullPath } }
  return session.is(...roles) || { name: 'forbidden' }
})

router.beforeResolve(async (to) => {
  await needRooms(to.meta.rooms ?? [])
})

export function pageTitle(key: string | undefined): string {
  const brand = i18n.global.t('shell.brand')
  return key ? `${i18n.global.t(key)} · ${brand}` : `${brand} · ${i18n.global.t('shell.slogan')}`
}

router.afterEach((to, from, failure) => {
  if (failure) return
  document.title = pageTitle(to.meta.title)
  // A reader of the screen hears the new page; the first page speaks for itself.
  if (from.matched.length === 0 || to.path === from.path) return
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }))
})

// After an upgrade the old chunks are gone: fetch the page anew, once per address.
router.onError((error, to) => {
  const gone = /dynamically imported module|Importing a module script failed/i.test(String(error))
  if (!gone || sessionStorage.getItem('yunhui.reloaded') === to.fullPath) return
  sessionStorage.setItem('yunhui.reloaded', to.fullPath)
  location.assign(to.fullPath)
})
