import createClient from 'openapi-fetch'
import { asProblem, toProblem } from './problem'
import type { paths } from './schema'
import { send } from './transport'

/** The typed client. Wrap calls in `call`, which turns refusals into Problems. */
export const api = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? '' : location.origin,
  credentials: 'same-origin',
  fetch: (request) => send(request),
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/**
 * Waits for an answer and returns its body, or throws a Problem:
 * `const offers = await call(api.GET('/api/v1/offers', { params: { query } }))`
 */
export async function call<T>(answer: Promise<Answer<T>>): Promise<T> {
  let settled: Answer<T>
  try {
    settled = await answer
  } catch (thrown) {
    throw asProblem(thrown)
  }
  if (!settled.response.ok) throw toProblem(settled.response, settled.error)
  return settled.data as T
}
