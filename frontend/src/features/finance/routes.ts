import type { RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/session'

const rooms = ['queue', 'subsidy', 'finance']
const readers: Role[] = ['finance', 'city_officer', 'auditor']

export default [
  { path: '/finance/batches', name: 'finance.batches', component: () => import('./BatchesPage.vue'), meta: { title: 'finance.batches', rooms, roles: readers } },
  { path: '/finance/batches/new', name: 'finance.batch.new', component: () => import('./DraftPage.vue'), meta: { title: 'finance.draft.title', rooms, roles: ['finance', 'city_officer'] } },
  { path: '/finance/batches/:id', name: 'finance.batch', component: () => import('./BatchPage.vue'), meta: { title: 'finance.batch.title', rooms, roles: readers } },
] satisfies RouteRecordRaw[]
