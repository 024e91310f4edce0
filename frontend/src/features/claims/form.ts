import type { components } from '@/api/schema'
import type { ClaimPage } from '@/ui/subsidy/types'

type FillClaim = components['schemas']['FillClaim']

export interface InvoiceRow {
  number: string
  code: string
  issued_on: string
  seller_code: string
  buyer_code: string
  item: string
  amount_fen: number | null
  tax_fen: number | null
}

export interface PaymentRow {
  paid_on: string
  amount_fen: number | null
  payer: string
  payee: string
  bank_reference: string
}

/** What the enterprise writes into a claim. */
export interface ClaimForm {
  contract_number: string
  contract_signed_on: string
  accepted_on: string
  invoices: InvoiceRow[]
  payments: PaymentRow[]
}

type Parties = Pick<ClaimPage, 'enterprise' | 'provider'>

/** A new invoice; what the register knows of both sides is filled in. */
export const newInvoice = ({ enterprise, provider }: Parties, like?: InvoiceRow): InvoiceRow => ({
  number: '',
  code: '',
  issued_on: '',
  seller_code: like?.seller_code || provider.credit_code,
  buyer_code: like?.buyer_code || enterprise.credit_code,
  item: like?.item ?? '',
  amount_fen: null,
  tax_fen: null,
})

export const newPayment = ({ enterprise, provider }: Parties, like?: PaymentRow): PaymentRow => ({
  paid_on: '',
  amount_fen: null,
  payer: like?.payer || enterprise.name,
  payee: like?.payee || provider.name,
  bank_reference: '',
})

const orNull = (fen: number) => (fen === 0 ? null : fen)

/** The form of a claim as it was saved, with one empty line of each kind to begin with. */
export function formOf(claim: ClaimPage): ClaimForm {
  const invoices = claim.invoices.map(({ amount_fen, tax_fen, ...rest }) => ({ ...rest, amount_fen: orNull(amount_fen), tax_fen }))
  const payments = claim.payments.map(({ amount_fen, ...rest }) => ({ ...rest, amount_fen: orNull(amount_fen) }))
  return {
    contract_number: claim.contract_number,
    contract_signed_on: claim.contract_signed_on ?? '',
    accepted_on: claim.accepted_on ?? '',
    invoices: invoices.length ? invoices : [newInvoice(claim)],
    payments: payments.length ? payments : [newPayment(claim)],
  }
}

function told<T extends object>(row: T): Partial<Record<keyof T, never>> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && value !== null)) as never
}

const digits = (value: string) => value.normalize('NFKC').replace(/\s/g, '')

/** The body of a save. Lines keep their places, so that faults find their inputs. */
export function bodyOf(form: ClaimForm, version: number): FillClaim {
  const { contract_number, contract_signed_on, accepted_on } = form
  return {
    version,
    ...told({ contract_number: contract_number.trim(), contract_signed_on, accepted_on }),
    invoices: form.invoices.map((row) =>
      told({ ...row, number: digits(row.number), code: digits(row.code), seller_code: digits(row.seller_code).toUpperCase(), buyer_code: digits(row.buyer_code).toUpperCase() }),
    ),
    payments: form.payments.map((row) => told({ ...row, bank_reference: row.bank_reference.trim() })),
  }
}

/** The sum of a column, to be held against the contract while typing. */
export function sumOf(rows: readonly { amount_fen: number | null }[]): number {
  return rows.reduce((sum, row) => sum + (row.amount_fen ?? 0), 0)
}
