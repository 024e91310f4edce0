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
export const evidenceKinds = ['contract', 'invoice', 'payment', 'acceptance', 'other'] as const
