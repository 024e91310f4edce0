import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/login',
    name: 'login',
    component: () => import('./LoginPage.vue'),
    meta: { title: 'session.login.title', rooms: ['session'] },
  },
  {
    path: '/register',
    name: 'register',
    component: () => import('./RegisterPage.vue'),
    meta: { title: 'session.register.title', rooms: ['session', 'firm', 'subsidy'] },
  },
] satisfies RouteRecordRaw[]
