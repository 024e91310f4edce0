import type { RouteRecordRaw } from 'vue-router'

const rooms = ['policies', 'subsidy']

export default [
  { path: '/policies', name: 'policies', component: () => import('./PoliciesPage.vue'), meta: { title: 'policies.title', rooms } },
  { path: '/policies/:code', name: 'policy', component: () => import('./PolicyPage.vue'), meta: { title: 'policies.one', rooms } },
] satisfies RouteRecordRaw[]
