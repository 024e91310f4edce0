import { beforeEach, describe, expect, it, vi } from 'vitest'
import { currentToken, dropToken, keepToken, mayHaveSession, onSessionLost, REFRESH_URL, refreshToken } from '@/api/token'
import { send, speak } from '@/api/transport'

const site = 'http://127.0.0.1:8080'
const call = (path: string, init?: RequestInit) => new Request(site + path, init)
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

interface Sent {
  url: string
  method: string
  headers: Headers
  body: string
}

/** A server that remembers what it was sent and answers by path. */
function server(answer: (sent: Sent, nth: number) => Response) {
  const log: Sent[] = []
  const fetcher = vi.fn(async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(String(input), site), init)
    const sent = { url: new URL(request.url).pathname, method: request.method, headers: request.headers, body: await request.text() }
    log.push(sent)
    return answer(sent, log.length)
  })
  return { fetcher: fetcher as unknown as typeof fetch, log }
}

beforeEach(() => {
  dropToken()
  speak('zh-CN')
})

describe('headers', () => {
  it('carry language, token and, for writes only, an idempotency key', async () => {
    keepToken('t1')
    speak('en')
    const { fetcher, log } = server(() => json({}))
    await send(call('/api/v1/offers'), fetcher)
    await send(call('/api/v1/claims', { method: 'POST', body: '{}' }), fetcher)
    expect(log[0]?.headers.get('accept-language')).toBe('en')
    expect(log[0]?.headers.get('authorization')).toBe('Bearer t1')
    expect(log[0]?.headers.has('idempotency-key')).toBe(false)
    expect(log[1]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{32,36}$/)
  })

  it('leave a key of the caller alone and name nobody without a token', async () => {
    const { fetcher, log } = server(() => json({}))
    await send(call('/api/v1/claims', { method: 'POST', headers: { 'Idempotency-Key': 'mine' } }), fetcher)
    expect(log[0]?.headers.get('idempotency-key')).toBe('mine')
    expect(log[0]?.headers.has('authorization')).toBe(false)
  })
})

describe('an access token that has run out', () => {
  it('is renewed once, and the same write is sent again under the same key', async () => {
    keepToken('old')
    const { fetcher, log } = server((sent) => {
      if (sent.url === REFRESH_URL) return json({ access_token: 'new', expires_in: 600 })
      return sent.headers.get('authorization') === 'Bearer new' ? json({ ok: true }) : json({}, 401)
    })
    const response = await send(call('/api/v1/claims', { method: 'POST', body: '{"a":1}' }), fetcher)
    expect(response.status).toBe(200)
    expect(log.map((sent) => sent.url)).toEqual(['/api/v1/claims', REFRESH_URL, '/api/v1/claims'])
    expect(log[2]?.body).toBe('{"a":1}')
    expect(log[2]?.headers.get('idempotency-key')).toBe(log[0]?.headers.get('idempotency-key'))
    expect(currentToken()).toBe('new')
  })

  it('is renewed by one call for all who wait', async () => {
    keepToken('old')
    const { fetcher, log } = server((sent) => {
      if (sent.url === REFRESH_URL) return json({ access_token: 'new' })
      return sent.headers.get('authorization') === 'Bearer new' ? json({}) : json({}, 401)
    })
    const answers = await Promise.all(['/a', '/b', '/c'].map((path) => send(call(path), fetcher)))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    expect(log.filter((sent) => sent.url === REFRESH_URL)).toHaveLength(1)
  })

  it('is not tried a second time when the new one is refused too', async () => {
    keepToken('old')
    const { fetcher, log } = server((sent) => (sent.url === REFRESH_URL ? json({ access_token: 'new' }) : json({}, 401)))
    expect((await send(call('/a'), fetcher)).status).toBe(401)
    expect(log).toHaveLength(3)
  })
})

describe('a session that is over', () => {
  it('is forgotten and told to those who listen', async () => {
    keepToken('old')
    const lost = vi.fn()
    const stop = onSessionLost(lost)
    const { fetcher } = server(() => json({ code: 'unauthenticated' }, 401))
    expect((await send(call('/a'), fetcher)).status).toBe(401)
    expect(lost).toHaveBeenCalledOnce()
    expect(currentToken()).toBe('')
    expect(mayHaveSession()).toBe(false)
    stop()
  })

  it('is not concluded from a failing server or network', async () => {
    keepToken('old')
    const lost = vi.fn()
    const stop = onSessionLost(lost)
    expect(await refreshToken(server(() => json({}, 503)).fetcher)).toBe(false)
    expect(await refreshToken(() => Promise.reject(new TypeError('offline')))).toBe(false)
    expect(lost).not.toHaveBeenCalled()
    expect(mayHaveSession()).toBe(true)
    stop()
  })

  it('causes no refresh for visitors, nor for a wrong password', async () => {
    const visitor = server(() => json({}, 401))
    await send(call('/api/v1/me'), visitor.fetcher)
    expect(visitor.log).toHaveLength(1)
    keepToken('t')
    const login = server(() => json({}, 401))
    await send(call('/api/v1/auth/login', { method: 'POST', body: '{}' }), login.fetcher)
    expect(login.log).toHaveLength(1)
  })
})
