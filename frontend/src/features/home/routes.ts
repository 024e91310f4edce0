import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/', name: 'home', component: () => import('./HomePage.vue'), meta: { rooms: ['home'] } },
] satisfies RouteRecordRaw[]
