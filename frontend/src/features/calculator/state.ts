import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { components } from '@/api/schema'

export type QuoteRequest = components['schemas']['QuoteRequest']

/** One thing to be bought: an offer and plan, or a category and depth with a price. */
export interface Line {
  offer_id: string
  plan_id: string
  category: string
  depth: string
  class: string
  price_fen: number | null
  discount_fen: number | null
  quantity: number | null
}

export interface Firm {
  industry: string
  head_count: number | null
  revenue_fen: number | null
  assets_fen: number | null
  district: string
  founded_on: string
  chains: string[]
  purchases: number | null
  granted_this_year_fen: number | null
}

/** All that the calculator is asked; the address of the page holds it whole. */
export interface Question {
  policy: string
  /** with the register entry of the firm that is logged in */
  own: boolean
  firm: Firm
  lines: Line[]
}

export const emptyLine = (): Line => ({
  offer_id: '',
  plan_id: '',
  category: '',
  depth: '',
  class: '',
  price_fen: null,
  discount_fen: null,
  quantity: null,
})

const figures = ['head_count', 'revenue_fen', 'assets_fen', 'purchases', 'granted_this_year_fen'] as const
const words = ['industry', 'district', 'founded_on'] as const
const lineWords = ['offer_id', 'plan_id', 'category', 'depth', 'class'] as const
const lineFigures = ['price_fen', 'discount_fen', 'quantity'] as const
const mostLines = 50

const list = (value: LocationQuery[string] | undefined): string[] => (Array.isArray(value) ? value : [value]).map((one) => one ?? '')
const text = (value: LocationQuery[string] | undefined): string => (list(value)[0] ?? '').slice(0, 200)

function figure(value: string | undefined): number | null {
  if (!value || !/^\d{1,16}$/.test(value)) return null
  const whole = Number(value)
  return Number.isSafeInteger(whole) ? whole : null
}

/** Reads an address. Several lines stand as repeated parameters, place by place. */
export function readQuestion(query: LocationQuery): Question {
  const firm: Firm = {
    industry: '', district: '', founded_on: '', head_count: null, revenue_fen: null, assets_fen: null,
    chains: text(query.chains).split(',').filter(Boolean), purchases: null, granted_this_year_fen: null,
  }
  for (const key of words) firm[key] = text(query[key])
  for (const key of figures) firm[key] = figure(text(query[key]))
  const keys = [...lineWords, ...lineFigures].filter((key) => query[key] !== undefined)
  const length = Math.min(mostLines, Math.max(1, ...keys.map((key) => list(query[key]).length)))
  const lines = Array.from({ length }, (_, index) => {
    const line = emptyLine()
    for (const key of lineWords) if (query[key] !== undefined) line[key] = list(query[key])[index] ?? ''
    for (const key of lineFigures) if (query[key] !== undefined) line[key] = figure(list(query[key])[index])
    return line
  })
  return { policy: text(query.policy), own: text(query.own) === '1', firm, lines }
}

/** Writes the address; what is empty takes no room in it. */
export function writeQuestion(question: Question): LocationQueryRaw {
  const query: LocationQueryRaw = {}
  const put = (key: string, value: string | number | null) => {
    if (value !== '' && value !== null) query[key] = String(value)
  }
  put('policy', question.policy)
  if (question.own) put('own', 1)
  else {
    for (const key of [...words, ...figures]) put(key, question.firm[key])
    put('chains', question.firm.chains.join(','))
  }
  for (const key of [...lineWords, ...lineFigures]) {
    const values = question.lines.map((line) => String(line[key] ?? ''))
    if (values.some(Boolean)) query[key] = values.length === 1 ? values[0] : values
  }
  return query
}

const complete = (line: Line) => (line.offer_id ? line.plan_id !== '' : line.category !== '' && line.price_fen !== null && line.price_fen > 0)

/** Drops what is empty: the API takes silence for "not known". */
function told<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== '' && value !== null && !(Array.isArray(value) && value.length === 0))) as never
}

/** The call for a quote, or null while there is nothing to reckon with. */
export function quoteRequest(question: Question, sizeClass: string): QuoteRequest | null {
  const lines = question.lines.filter(complete)
  if (!question.policy || lines.length === 0) return null
  const body: Record<string, unknown> = { policy: question.policy, lines: lines.map(lineRequest) }
  if (question.own) body.own = true
  else body.firm = told({ ...question.firm, size_class: sizeClass })
  return body as QuoteRequest
}

function lineRequest(line: Line): object {
  const { offer_id, plan_id, discount_fen, quantity } = line
  return line.offer_id ? told({ offer_id, plan_id, discount_fen, quantity }) : told({ ...line, offer_id: '', plan_id: '' })
}
