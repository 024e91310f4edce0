import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, call } from './client'
import type { components } from './schema'
import { dropToken, keepToken, mayHaveSession, onSessionLost, refreshToken } from './token'

export type Me = components['schemas']['Me']

export type Role =
  | 'enterprise'
  | 'provider'
  | 'district_officer'
  | 'city_officer'
  | 'finance'
  | 'auditor'
  | 'operator'

/** Who is logged in. Rights are decided by the server; this only shapes the screens. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const role = computed(() => (me.value?.role ?? '') as Role | '')
  const loggedIn = computed(() => me.value !== null)
  let opening: Promise<void> | null = null

  onSessionLost(() => {
    me.value = null
  })

  function is(...roles: Role[]): boolean {
    return role.value !== '' && roles.includes(role.value)
  }

  /** Takes up the session of an earlier visit, once per page load; never throws. */
  function resume(): Promise<void> {
    opening ??= takeUp()
    return opening
  }

  async function takeUp(): Promise<void> {
    if (!mayHaveSession() || !(await refreshToken())) return
    try {
      me.value = await call(api.GET('/api/v1/me'))
    } catch {
      me.value = null
    }
  }

  async function logIn(login: string, password: string): Promise<void> {
    const answer = await call(api.POST('/api/v1/auth/login', { body: { login, password } }))
    keepToken(answer.access_token)
    me.value = await call(api.GET('/api/v1/me'))
  }

  async function logOut(): Promise<void> {
    try {
      await call(api.POST('/api/v1/auth/logout'))
    } finally {
      dropToken()
      me.value = null
    }
  }

  return { me, role, loggedIn, is, resume, logIn, logOut }
})
