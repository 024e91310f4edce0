import { currentToken, mayHaveSession, refreshToken } from './token'

let language = 'zh-CN'

/** The language that answers, and messages in them, should come in. */
export function speak(tag: string): void {
  language = tag
}

const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

function prepared(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.set('Accept-Language', language)
  const token = currentToken()
  if (token) headers.set('Authorization', `Bearer ${token}`)
  if (writes.has(request.method) && !headers.has('Idempotency-Key')) headers.set('Idempotency-Key', newKey())
  return new Request(request, { headers })
}

/** A key under which one write takes effect once, however often it is sent. */
export function newKey(): string {
  // randomUUID is missing on plain-http intranet addresses.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const opensSession = (url: string) => /\/api\/v1\/auth\/(login|refresh)$/.test(new URL(url, location.origin).pathname)

/**
 * Sends one call. On 401 it refreshes the session once and sends the same call
 * again under the same idempotency key.
 */
export async function send(input: Request, fetcher: typeof fetch = fetch): Promise<Response> {
  const first = prepared(input)
  const again = first.clone()
  const response = await fetcher(first)
  if (response.status !== 401 || opensSession(input.url) || !mayHaveSession()) return response
  if (!(await refreshToken(fetcher))) return response
  const headers = new Headers(again.headers)
  headers.set('Authorization', `Bearer ${currentToken()}`)
  return fetcher(new Request(again, { headers }))
}
