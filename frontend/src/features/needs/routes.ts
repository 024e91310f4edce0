import type { RouteRecordRaw } from 'vue-router'

const rooms = ['needs', 'subsidy']
const roles = ['enterprise'] as const

export default [
  { path: '/needs', name: 'enterprise.needs', component: () => import('./NeedsPage.vue'), meta: { title: 'needs.title', rooms, roles } },
  { path: '/needs/new', name: 'enterprise.need-new', component: () => import('./NewNeedPage.vue'), meta: { title: 'needs.post', rooms, roles } },
  { path: '/needs/:id', name: 'enterprise.need', component: () => import('./NeedPage.vue'), meta: { title: 'needs.one', rooms, roles } },
  // Messages lead here; each side has its own page.
  { path: '/demands/:id', name: 'demand', component: () => import('./DemandDoor.vue'), meta: { title: 'needs.one', rooms, roles: ['enterprise', 'provider'] } },
] satisfies RouteRecordRaw[]
