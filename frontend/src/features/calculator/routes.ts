import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/calculator',
    name: 'calculator',
    component: () => import('./CalculatorPage.vue'),
    meta: { title: 'calculator.title', rooms: ['calculator', 'subsidy'] },
  },
] satisfies RouteRecordRaw[]
