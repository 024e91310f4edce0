import type { RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/session'

const rooms = ['queue', 'subsidy', 'desk', 'payee']
const meta = (title: string, ...roles: Role[]) => ({ title: `desk.${title}`, rooms, roles })

export default [
  { path: '/desk/enterprises', name: 'desk.enterprises', component: () => import('./EnterprisesPage.vue'), meta: meta('enterprises', 'district_officer', 'city_officer', 'auditor') },
  { path: '/desk/enterprises/:id', name: 'desk.enterprise', component: () => import('./EnterprisePage.vue'), meta: meta('enterprise.title', 'district_officer', 'city_officer', 'auditor') },
  { path: '/desk/agreements', name: 'desk.agreements', component: () => import('./AgreementsPage.vue'), meta: meta('agreements', 'district_officer', 'city_officer', 'finance', 'auditor') },
  { path: '/desk/agreements/:id', name: 'desk.agreement', component: () => import('./AgreementPage.vue'), meta: meta('agreement.title', 'district_officer', 'city_officer', 'finance', 'auditor') },
  { path: '/desk/claims', name: 'desk.claims', component: () => import('./ClaimsPage.vue'), meta: meta('claims', 'district_officer', 'city_officer', 'finance', 'auditor') },
  { path: '/desk/claims/:id', name: 'desk.claim', component: () => import('./ClaimPage.vue'), meta: meta('claim.title', 'district_officer', 'city_officer', 'finance', 'auditor') },
  { path: '/desk/notices', name: 'desk.notices', component: () => import('./NoticesPage.vue'), meta: meta('notices', 'city_officer') },
  { path: '/desk/objections', name: 'desk.objections', component: () => import('./ObjectionsPage.vue'), meta: meta('objections', 'city_officer', 'auditor') },
] satisfies RouteRecordRaw[]
