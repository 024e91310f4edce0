import type { RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/session'

const rooms = ['queue', 'subsidy', 'clawbacks']
const parties: Role[] = ['enterprise', 'provider', 'district_officer', 'city_officer', 'finance', 'auditor']
const proposers: Role[] = ['district_officer', 'city_officer']

export default [
  { path: '/clawbacks', name: 'clawbacks', component: () => import('./ClawbacksPage.vue'), meta: { title: 'clawbacks.title', rooms, roles: parties } },
  { path: '/clawbacks/new', name: 'clawback.propose', component: () => import('./ProposePage.vue'), meta: { title: 'clawbacks.propose.title', rooms, roles: proposers } },
  { path: '/clawbacks/:id', name: 'clawback', component: () => import('./ClawbackPage.vue'), meta: { title: 'clawbacks.one', rooms, roles: parties } },
] satisfies RouteRecordRaw[]
