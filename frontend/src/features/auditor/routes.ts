import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/record', name: 'auditor.record', component: () => import('./RecordPage.vue'), meta: { title: 'auditor.record', rooms: ['auditor'], roles: ['auditor', 'operator'] } },
] satisfies RouteRecordRaw[]
