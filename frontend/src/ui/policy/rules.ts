import type { components } from '@/api/schema'
import { money, percent } from '@/ui/format'

export type Document = components['schemas']['Document']
export type Selector = components['schemas']['Selector']
type RateRule = Document['rates'][number]

/** One rule in plain words: a key under `policies.rule`, what it fills in, and where it is written. */
export interface Rule {
  key: string
  values: Record<string, string | number>
  clause?: string
  applies?: Selector
}

/** What a rule of rates grants: a part of the base, a sum, or parts by bands of the base. */
export type Grant =
  | { kind: 'rate'; rate: string }
  | { kind: 'flat'; amount: string }
  | { kind: 'bands'; whole: boolean; bands: { from: string; to: string; rate: string }[] }

type Parameters = Document['parameters']

/** A figure as it stands, or each value of its parameter with the day it begins: "30% → 35% (2027-01-01)". */
function figure(own: number | undefined, name: string | undefined, parameters: Parameters, say: (value: number) => string): string {
  const values = parameters?.find((parameter) => parameter.name === name)?.values
  if (!values) return say(own ?? 0)
  return values.map((value, index) => (value.from && index > 0 ? `${say(value.value)} (${value.from})` : say(value.value))).join(' → ')
}

export function grantOf(rule: RateRule, parameters?: Parameters): Grant {
  if (rule.bands?.length) {
    const bands = rule.bands.map((band) => ({
      from: money(band.from_fen),
      to: band.to_fen === undefined ? '' : money(band.to_fen),
      rate: percent(band.rate_bp),
    }))
    return { kind: 'bands', whole: rule.band_mode === 'whole', bands }
  }
  if (rule.flat_fen !== undefined || rule.flat_parameter) return { kind: 'flat', amount: figure(rule.flat_fen, rule.flat_parameter, parameters, money) }
  return { kind: 'rate', rate: figure(rule.rate_bp, rule.rate_parameter, parameters, percent) }
}

/** How much there is and who pays it. */
export function moneyRules(document: Document): Rule[] {
  const rules: Rule[] = [{ key: `base.${document.base.of}.${document.base.vat}`, values: {}, clause: document.base.clause }]
  for (const cap of document.caps ?? []) {
    rules.push({ key: `cap.${cap.scope}`, values: { amount: figure(cap.limit_fen, cap.limit_parameter, document.parameters, money) }, clause: cap.clause, applies: cap.applies_to })
  }
  for (const set of document.exclusive ?? []) rules.push({ key: 'exclusive', values: {}, clause: set.clause, applies: { categories: set.categories } })
  if (document.new_use_only) rules.push({ key: 'newUseOnly', values: {}, clause: document.new_use_only.clause })
  const { minimum_paid: paid, minimum_enterprise_share: share, minimum_subsidy: least, match } = document
  if (paid) rules.push({ key: 'minimumPaid', values: { share: figure(paid.ratio_bp, paid.ratio_parameter, document.parameters, percent) }, clause: paid.clause })
  if (share) rules.push({ key: 'minimumShare', values: { share: figure(share.ratio_bp, share.ratio_parameter, document.parameters, percent) }, clause: share.clause })
  if (least) rules.push({ key: 'minimumSubsidy', values: { amount: figure(least.amount_fen, least.amount_parameter, document.parameters, money) }, clause: least.clause })
  if (document.first_purchase_only) rules.push({ key: 'firstOnly', values: {}, clause: document.first_purchase_only.clause })
  if (match) rules.push({ key: 'match', values: { city: percent(match.municipal_bp), district: percent(10_000 - match.municipal_bp) }, clause: match.clause })
  if (document.budget) rules.push({ key: 'budget', values: { amount: money(document.budget.total_fen) }, clause: document.budget.clause })
  return rules
}

/** How the money is asked for and paid. Days of which the document says nothing (0) are left out. */
export function courseRules(document: Document): Rule[] {
  const rules: Rule[] = [
    { key: `payee.${document.payee}`, values: {} },
    { key: `mechanism.${document.mechanism}`, values: {} },
  ]
  if (document.reservation_days > 0) rules.push({ key: 'reservation', values: { days: document.reservation_days } })
  if (document.notice_working_days > 0) rules.push({ key: 'notice', values: { days: document.notice_working_days } })
  rules.push({ key: `rounding.${document.rounding.mode}`, values: { unit: money(document.rounding.unit_fen) } })
  return rules
}

/** From which day a version is the law; nothing where it always was. */
export const holdsFrom = (document: Pick<Document, 'in_force_from' | 'window'>): string => document.in_force_from ?? document.window?.from ?? ''

/** The version that is the law on a day: the newest that has begun, or the first when none has. Newest come first. */
export function lawOf(documents: readonly Document[], day: string): Document | undefined {
  return documents.find((document) => holdsFrom(document) <= day) ?? documents[documents.length - 1]
}

/** How a version stands beside the one that is the law. */
export function standing(document: Document, law: Document | undefined): 'now' | 'past' | 'future' {
  if (!law || document.version === law.version) return 'now'
  return document.version < law.version ? 'past' : 'future'
}

/** The version that the address asks for, else the one that is the law. */
export function versionOf(documents: readonly Document[], asked: unknown, day: string): Document | undefined {
  return documents.find((document) => String(document.version) === asked) ?? lawOf(documents, day)
}
