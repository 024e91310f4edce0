import type { FieldError } from '@/api/problem'
import { parseYuan } from '@/ui/format'

/** What a person types into the register page, all of it as text. */
export const emptyRegistration = () => ({
  name: '',
  credit_code: '',
  industry: '',
  district: '',
  head_count: '',
  revenue_fen: '',
  assets_fen: '',
  contact: '',
  mobile: '',
  login: '',
  password: '',
})

export type Registration = ReturnType<typeof emptyRegistration>

/**
 * The body for the API, or the entries that cannot be read as figures. Everything
 * else is left for the API to judge, so that its rules stand in one place.
 */
export function readRegistration(form: Registration, say: (key: 'badAmount' | 'badCount') => string) {
  const headCount = /^\d{1,8}$/.test(form.head_count.trim()) ? Number(form.head_count) : null
  const revenue = parseYuan(form.revenue_fen)
  const assets = parseYuan(form.assets_fen)
  const faults: FieldError[] = []
  if (headCount === null) faults.push({ path: 'head_count', code: 'number', message: say('badCount') })
  if (revenue === null) faults.push({ path: 'revenue_fen', code: 'amount', message: say('badAmount') })
  if (assets === null) faults.push({ path: 'assets_fen', code: 'amount', message: say('badAmount') })
  if (headCount === null || revenue === null || assets === null) return { faults, body: null }
  return {
    faults,
    body: {
      ...form,
      credit_code: form.credit_code.trim().toUpperCase(),
      head_count: headCount,
      revenue_fen: revenue,
      assets_fen: assets,
    },
  }
}
