/**
 * The access token lives in memory only: a reload gets a new one from the
 * refresh cookie, which scripts cannot read.
 */
let accessToken = ''
let pending: Promise<boolean> | null = null
const lostListeners = new Set<() => void>()

/** Says that this browser once logged in, so that visitors cause no refresh call. */
const hintKey = 'yunhui.session'

export const REFRESH_URL = '/api/v1/auth/refresh'

export function currentToken(): string {
  return accessToken
}

export function keepToken(token: string): void {
  accessToken = token
  localStorage.setItem(hintKey, '1')
}

export function dropToken(): void {
  accessToken = ''
  localStorage.removeItem(hintKey)
}

export function mayHaveSession(): boolean {
  return localStorage.getItem(hintKey) !== null
}

/** Called when a session that was thought to live turns out to be over. */
export function onSessionLost(listener: () => void): () => void {
  lostListeners.add(listener)
  return () => lostListeners.delete(listener)
}

/**
 * Gets a new access token; callers at the same moment share one call. True when
 * there is a token afterwards. A failing network keeps the session: it may live.
 */
export function refreshToken(fetcher: typeof fetch = fetch): Promise<boolean> {
  pending ??= exclusively(() => requestToken(fetcher)).finally(() => {
    pending = null
  })
  return pending
}

/**
 * Refresh tokens rotate and their reuse ends the session, so two tabs must not
 * spend the same one: the lock spans the browser, not only this page.
 */
async function exclusively(task: () => Promise<boolean>): Promise<boolean> {
  const locks = (navigator as Partial<Navigator>).locks
  return locks ? await locks.request('yunhui.refresh', task) : await task()
}

async function requestToken(fetcher: typeof fetch): Promise<boolean> {
  let response: Response
  try {
    response = await fetcher(REFRESH_URL, { method: 'POST', credentials: 'same-origin' })
  } catch {
    return false
  }
  if (response.ok) {
    const body = (await response.json()) as { access_token?: string }
    if (body.access_token) {
      keepToken(body.access_token)
      return true
    }
  }
  if (response.status >= 500 || response.status === 429) return false
  dropToken()
  for (const listener of lostListeners) listener()
  return false
}
