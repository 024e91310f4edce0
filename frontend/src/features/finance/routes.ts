import type { RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/session'

const rooms = ['queue', 'subsidy', 'finance', 'payee']
const readers: Role[] = ['finance', 'city_officer', 'auditor']

export default [
  { path: '/batches', name: 'finance.batches', component: () => import('./BatchesPage.vue'), meta: { title: 'finance.batches', rooms, roles: readers } },
  { path: '/batches/:id', name: 'finance.batch', component: () => import('./BatchPage.vue'), meta: { title: 'finance.batch.title', rooms, roles: readers } },
  { path: '/batches/:id/print', name: 'finance.batch.print', component: () => import('./PrintPage.vue'), meta: { title: 'finance.print.title', rooms, roles: readers } },
] satisfies RouteRecordRaw[]
