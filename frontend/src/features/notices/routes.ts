import type { RouteRecordRaw } from 'vue-router'

const rooms = ['notices', 'subsidy', 'payee']

export default [
  { path: '/notices', name: 'notices', component: () => import('./NoticesPage.vue'), meta: { title: 'notices.title', rooms } },
  { path: '/notices/:id', name: 'notice', component: () => import('./NoticePage.vue'), meta: { title: 'notices.one', rooms } },
] satisfies RouteRecordRaw[]
