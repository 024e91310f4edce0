import type { RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/session'

const rooms = ['queue', 'subsidy', 'budget']
const readers: Role[] = ['finance', 'city_officer', 'auditor', 'district_officer']
const whole: Role[] = ['finance', 'city_officer', 'auditor']

export default [
  { path: '/budget', name: 'budget.board', component: () => import('./BoardPage.vue'), meta: { title: 'budget.board.title', rooms, roles: readers } },
  { path: '/budget/acts', name: 'budget.acts', component: () => import('./ActsPage.vue'), meta: { title: 'budget.act.title', rooms, roles: readers } },
  { path: '/ledger', name: 'budget.ledger', component: () => import('./LedgerPage.vue'), meta: { title: 'budget.ledger.title', rooms, roles: readers } },
  { path: '/ledger/journals/:id', name: 'budget.journal', component: () => import('./JournalPage.vue'), meta: { title: 'budget.journal.title', rooms, roles: readers } },
  { path: '/ledger/trails/:id', name: 'budget.trail', component: () => import('./TrailPage.vue'), meta: { title: 'budget.trail.title', rooms, roles: readers } },
  { path: '/ledger/statement', name: 'budget.statement', component: () => import('./StatementPage.vue'), meta: { title: 'budget.statement.title', rooms, roles: readers } },
  { path: '/ledger/closings', name: 'budget.closings', component: () => import('./ClosingsPage.vue'), meta: { title: 'budget.closing.title', rooms, roles: whole } },
  { path: '/ledger/closings/:period', name: 'budget.closing', component: () => import('./ClosingPage.vue'), meta: { title: 'budget.closing.one', rooms, roles: whole } },
] satisfies RouteRecordRaw[]
