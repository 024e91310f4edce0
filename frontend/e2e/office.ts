import { expect, request, type APIRequestContext } from '@playwright/test'
import type { City } from './server'

/** Somebody who works through the API, where a story is not about their screen. */
export interface Clerk {
  get: <T>(path: string) => Promise<T>
  post: <T>(path: string, body: object) => Promise<T>
  close: () => Promise<void>
}

export async function clerk(city: City, login: string, password = 'Shancheng-2026'): Promise<Clerk> {
  const door = await request.newContext({ baseURL: city.url })
  const answer = await door.post('/api/v1/auth/login', { data: { login, password } })
  expect(answer.ok(), await answer.text()).toBe(true)
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const headers = { Authorization: `Bearer ${token}` }
  const read = async <T>(sent: ReturnType<APIRequestContext['get']>): Promise<T> => {
    const got = await sent
    expect(got.ok(), `${login}: ${got.url()}: ${await got.text()}`).toBe(true)
    return (await got.json()) as T
  }
  return {
    get: (path) => read(door.get(path, { headers })),
    post: (path, data) => read(door.post(path, { headers, data })),
    close: () => door.dispose(),
  }
}
