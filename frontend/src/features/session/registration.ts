import type { components } from '@/api/schema'
import { declared, emptyFirm, type FirmForm } from '@/ui/firm/firm'

export interface RegistrationForm extends FirmForm {
  kind: 'enterprise' | 'provider'
  person_name: string
  login: string
  password: string
}

export const emptyRegistration = (): RegistrationForm => ({ ...emptyFirm(), kind: 'enterprise', person_name: '', login: '', password: '' })

/** The parts of the form in order, with the entries that each holds. */
export const steps = [
  { key: 'firm', entries: ['kind', 'credit_code', 'historical_code', 'name', 'name_en', 'industry', 'head_count', 'revenue_fen', 'assets_fen'] },
  { key: 'place', entries: ['district', 'founded_on', 'address', 'chains', 'contact_name', 'contact_phone', 'account_name', 'account_number', 'bank_name', 'bank_code'] },
  { key: 'person', entries: ['person_name', 'login', 'password'] },
] as const

export function registrationRequest(form: RegistrationForm): components['schemas']['Registration'] {
  const { kind, person_name, login, password, ...firm } = form
  return {
    kind,
    ...declared(firm),
    credit_code: declared(firm).credit_code ?? '',
    name: firm.name,
    district: firm.district,
    person_name,
    login: login.trim(),
    password,
  }
}
