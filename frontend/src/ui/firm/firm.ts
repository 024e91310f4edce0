import type { components } from '@/api/schema'

type Organisation = components['schemas']['Organisation']

/** What a firm declares of itself, as the inputs hold it. */
export interface FirmForm {
  credit_code: string
  historical_code: boolean
  name: string
  name_en: string
  industry: string
  head_count: number | null
  revenue_fen: number | null
  assets_fen: number | null
  district: string
  founded_on: string
  chains: string[]
  address: string
  contact_name: string
  contact_phone: string
  bank_name: string
  bank_code: string
  account_name: string
  account_number: string
}

export const emptyFirm = (): FirmForm => ({
  credit_code: '',
  historical_code: false,
  name: '',
  name_en: '',
  industry: '',
  head_count: null,
  revenue_fen: null,
  assets_fen: null,
  district: '',
  founded_on: '',
  chains: [],
  address: '',
  contact_name: '',
  contact_phone: '',
  bank_name: '',
  bank_code: '',
  account_name: '',
  account_number: '',
})

export const mostChains = 5

/** Credit codes are typed with spaces, in lower case and in full width. */
export const plainCode = (typed: string) => typed.normalize('NFKC').replace(/\s/g, '').toUpperCase()

export function firmOf(organisation: Organisation): FirmForm {
  const form = emptyFirm()
  const known = organisation as Partial<Record<string, unknown>>
  return Object.fromEntries(Object.entries(form).map(([key, fresh]) => [key, known[key] ?? fresh])) as unknown as FirmForm
}

/** A declaration without what is not known. */
export type Declared = { [K in keyof FirmForm]?: Exclude<FirmForm[K], null> }

/** Entries of a form that say something. */
export function declared(form: FirmForm): Declared {
  const entries = Object.entries({ ...form, credit_code: plainCode(form.credit_code) })
  return Object.fromEntries(entries.filter(([, value]) => value !== '' && value !== null && value !== false && !(Array.isArray(value) && value.length === 0)))
}

/** What differs from before: a change names nothing else, so that masked entries stay as they are. */
export function changes(before: FirmForm, now: FirmForm): Declared {
  const next: FirmForm = { ...now, credit_code: plainCode(now.credit_code) }
  const keys = Object.keys(next) as (keyof FirmForm)[]
  return Object.fromEntries(keys.filter((key) => next[key] !== null && JSON.stringify(next[key]) !== JSON.stringify(before[key])).map((key) => [key, next[key]]))
}
