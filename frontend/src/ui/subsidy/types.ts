import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type AgreementView = Schemas['AgreementView']
export type AgreementPage = Schemas['AgreementPage']
export type ClaimView = Schemas['ClaimView']
export type ClaimPage = Schemas['ClaimPage']
export type Quote = Schemas['Quote']
export type Finding = Schemas['Finding']
export type TraceStep = Schemas['Step']
export type Check = Schemas['SubsidiesFinding']
export type Evidence = Schemas['EvidenceView']
export type Text = Schemas['Text']
export type Party = Schemas['Party']
export type Reference = Schemas['Reference']

/** The kinds of evidence in the order in which the screens show them. */
export const evidenceKinds = [
  'contract', 'invoice', 'payment', 'acceptance', 'application', 'usage', 'licence', 'commitment', 'voucher', 'item_list', 'self_assessment', 'other',
] as const

/** Those that any claim may hold; the others are asked for by policies that need them. */
const common: readonly string[] = ['contract', 'invoice', 'payment', 'acceptance', 'other']

/** The kinds that a claim can be given, those required first. */
export const kindsFor = (required: readonly string[]) =>
  evidenceKinds.filter((kind) => common.includes(kind) || required.includes(kind)).sort((a, b) => Number(required.includes(b)) - Number(required.includes(a)))
