import type { RouteRecordRaw } from 'vue-router'

const rooms = ['authoring', 'policies', 'subsidy', 'queue']
const readers = ['city_officer', 'auditor'] as const

export default [
  { path: '/authoring', name: 'authoring', component: () => import('./DraftsPage.vue'), meta: { title: 'authoring.title', rooms, roles: readers } },
  { path: '/authoring/new', name: 'authoring.new', component: () => import('./NewDraftPage.vue'), meta: { title: 'authoring.new', rooms, roles: ['city_officer'] } },
  { path: '/authoring/:id', name: 'authoring.draft', component: () => import('./DraftPage.vue'), meta: { title: 'authoring.one', rooms, roles: readers } },
  { path: '/authoring/:id/simulation', name: 'authoring.simulation', component: () => import('./SimulationPage.vue'), meta: { title: 'authoring.simulation.title', rooms, roles: readers } },
] satisfies RouteRecordRaw[]
