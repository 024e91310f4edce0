/** One faulty input. `path` is dotted as in JSON: "invoices[0].number". */
export interface FieldError {
  path: string
  code: string
  message: string
}

interface ProblemInit {
  status: number
  code: string
  title?: string
  detail?: string
  fields?: FieldError[]
  requestId?: string
}

/**
 * What the API says when it refuses (RFC 9457). `message` is one sentence in
 * the caller's language, or empty when the failure happened before the API
 * could answer; screens then choose a sentence by `code`.
 */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly fields: readonly FieldError[]
  readonly requestId: string

  constructor(init: ProblemInit) {
    super(init.detail ?? init.title ?? '')
    this.name = 'Problem'
    this.status = init.status
    this.code = init.code
    this.title = init.title ?? ''
    this.fields = init.fields ?? []
    this.requestId = init.requestId ?? ''
  }

  /** Worth trying the same thing again without changing anything. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

type Loose = Record<string, unknown>

const isRecord = (value: unknown): value is Loose => typeof value === 'object' && value !== null
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Paths may arrive with the place they were found in; inputs are named without it. */
export function inputPath(raw: string): string {
  return raw.replace(/^(body|query|path|header)(\.|$)/, '').replace(/^\$\.?/, '')
}

function fieldError(raw: unknown): FieldError | null {
  if (!isRecord(raw)) return null
  const path = inputPath(text(raw.path) || text(raw.location) || text(raw.field))
  return { path, code: text(raw.code) || 'invalid', message: text(raw.message) }
}

function fieldErrors(body: Loose): FieldError[] {
  const list = Array.isArray(body.errors) ? body.errors : Array.isArray(body.fields) ? body.fields : []
  return list.map(fieldError).filter((entry): entry is FieldError => entry !== null)
}

/** Reads a refusal; anything that is not problem+json still becomes a Problem. */
export function toProblem(response: Response, body: unknown): Problem {
  const requestId = response.headers.get('x-request-id') ?? ''
  if (!isRecord(body) || !('code' in body || 'title' in body || 'detail' in body)) {
    return new Problem({ status: response.status, code: `http_${response.status}`, requestId })
  }
  return new Problem({
    status: response.status,
    code: text(body.code) || `http_${response.status}`,
    title: text(body.title),
    detail: text(body.detail) || text(body.title),
    fields: fieldErrors(body),
    requestId: text(body.request_id) || requestId,
  })
}

/** Whatever was thrown, as a Problem. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  if (thrown instanceof TypeError) return new Problem({ status: 0, code: 'network' })
  const problem = new Problem({ status: 0, code: 'client' })
  problem.cause = thrown
  return problem
}
