import type { RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/session'

const rooms = ['account', 'subsidy']
const roles: Role[] = ['enterprise', 'provider', 'district_officer', 'city_officer', 'finance', 'auditor', 'operator']

export default [
  { path: '/account', name: 'account', component: () => import('./AccountPage.vue'), meta: { title: 'account.title', rooms, roles } },
  { path: '/notifications', name: 'notifications', component: () => import('./NotificationsPage.vue'), meta: { title: 'account.notifications.title', rooms, roles } },
] satisfies RouteRecordRaw[]
