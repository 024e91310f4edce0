import type { ClaimPage } from '@/ui/subsidy/types'

const sum = (rows: readonly { amount_fen: number }[]) => rows.reduce((total, row) => total + row.amount_fen, 0)

export interface MoneyMatch {
  contract: number
  invoiced: number
  paid: number
  subsidy: number
  /** what invoices and payments lack of the contract; negative when they exceed it */
  invoicedShort: number
  paidShort: number
}

/** Invoices and payments against the contract, which is the list price less the provider's discount. */
export function matchMoney(claim: Pick<ClaimPage, 'legs' | 'invoices' | 'payments'>): MoneyMatch {
  const contract = claim.legs.list_price_fen - claim.legs.provider_discount_fen
  const invoiced = sum(claim.invoices)
  const paid = sum(claim.payments)
  return { contract, invoiced, paid, subsidy: claim.legs.government_subsidy_fen, invoicedShort: contract - invoiced, paidShort: contract - paid }
}
