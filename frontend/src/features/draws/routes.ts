import type { RouteRecordRaw } from 'vue-router'

const rooms = ['draws', 'subsidy']

export default [
  { path: '/draws', name: 'draws', component: () => import('./DrawsPage.vue'), meta: { title: 'draws.title', rooms } },
  { path: '/draws/:policy/:closes', name: 'draw', component: () => import('./DrawPage.vue'), meta: { title: 'draws.one', rooms } },
] satisfies RouteRecordRaw[]
