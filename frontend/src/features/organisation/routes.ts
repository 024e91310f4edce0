import type { RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/session'

const roles: Role[] = ['enterprise', 'provider', 'district_officer', 'city_officer', 'finance', 'auditor', 'operator']

export default [
  {
    path: '/organisation',
    name: 'organisation',
    component: () => import('./OrganisationPage.vue'),
    meta: { title: 'organisation.title', rooms: ['organisation', 'firm', 'payee', 'subsidy'], roles },
  },
] satisfies RouteRecordRaw[]
