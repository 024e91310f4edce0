import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/services', name: 'services', component: () => import('./ServicesPage.vue'), meta: { title: 'services.title', rooms: ['services'] } },
  { path: '/services/:id', name: 'service', component: () => import('./ServicePage.vue'), meta: { title: 'services.one', rooms: ['services'] } },
] satisfies RouteRecordRaw[]
