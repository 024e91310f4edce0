import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type DraftView = Schemas['DraftView']
export type DraftRow = Schemas['DraftBrief']
export type Check = Schemas['DocumentCheck']
export type Change = Schemas['DocumentChange']
export type CaseOutcome = Schemas['CaseOutcome']
export type Word = Schemas['Word']
export type Bucket = Pick<Schemas['Bucket'], 'key' | 'claims' | 'cost_fen' | 'before_fen'>
export type Side = Schemas['Side']
export type Simulation = Schemas['SimulationView']
export type SimulationResult = Schemas['SimulationResult']
export type SimulationRequest = Schemas['SimulationQuestion']
