import type { RouteRecordRaw } from 'vue-router'

const rooms = ['agreements', 'subsidy']

export default [
  { path: '/agreements', name: 'enterprise.agreements', component: () => import('./AgreementsPage.vue'), meta: { title: 'agreements.title', rooms, roles: ['enterprise'] } },
  { path: '/agreements/new', name: 'enterprise.agreement-new', component: () => import('./DraftPage.vue'), meta: { title: 'agreements.draft.title', rooms, roles: ['enterprise'] } },
  {
    path: '/agreements/:id',
    name: 'agreement',
    component: () => import('./AgreementPage.vue'),
    meta: { title: 'agreements.one', rooms, roles: ['enterprise', 'provider', 'district_officer', 'city_officer', 'finance', 'auditor'] },
  },
] satisfies RouteRecordRaw[]
