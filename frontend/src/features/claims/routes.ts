import type { RouteRecordRaw } from 'vue-router'

const rooms = ['claims', 'subsidy']

export default [
  { path: '/claims', name: 'enterprise.claims', component: () => import('./ClaimsPage.vue'), meta: { title: 'claims.title', rooms, roles: ['enterprise'] } },
  {
    path: '/claims/:id',
    name: 'claim',
    component: () => import('./ClaimPage.vue'),
    meta: { title: 'claims.one', rooms, roles: ['enterprise', 'provider', 'district_officer', 'city_officer', 'finance', 'auditor'] },
  },
] satisfies RouteRecordRaw[]
