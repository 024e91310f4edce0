import type { RouteRecordRaw } from 'vue-router'

const rooms = ['providers']

export default [
  { path: '/providers', name: 'providers', component: () => import('./ProvidersPage.vue'), meta: { title: 'providers.title', rooms } },
  { path: '/providers/:id', name: 'provider', component: () => import('./ProviderPage.vue'), meta: { title: 'providers.one', rooms } },
] satisfies RouteRecordRaw[]
