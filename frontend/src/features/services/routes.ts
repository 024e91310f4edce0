import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/services',
    name: 'services',
    component: () => import('./ServicesPage.vue'),
    meta: { title: 'services.title', rooms: ['services'] },
  },
] satisfies RouteRecordRaw[]
