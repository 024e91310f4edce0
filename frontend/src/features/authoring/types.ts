import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type DraftView = Schemas['DraftView']
export type DraftRow = Schemas['DraftBrief']
export type Check = Schemas['DocumentCheck']
export type Change = Schemas['DocumentChange']
export type CaseOutcome = Schemas['CaseOutcome']
export type Word = Schemas['Word']

export interface Bucket {
  key: string
  claims: number
  cost_fen: number
  before_fen: number
}
export interface Side {
  count: number
  sum_fen: number
  top: { key?: string; claim_number?: string; name?: string; before_fen: number; after_fen: number }[] | null
}
export interface SimulationResult {
  claims: number
  granted: number
  not_eligible: number
  cost_fen: number
  cost_before_fen: number
  by_month: Bucket[] | null
  by_district: Bucket[] | null
  by_size: Bucket[] | null
  by_category: Bucket[] | null
  winners: Side
  losers: Side
  unchanged: number
  reasons: { clause: string; text: string; count: number }[] | null
  exhausted_on?: string
  budget_fen: number
  spent_curve: { day: string; cost_fen: number }[] | null
  sensitivity?: { path: string; points: { value: number; cost_fen: number; granted: number }[] | null }
  elapsed_ms: number
}
export interface Simulation {
  id: string
  state: string
  done: number
  total: number
  started_at: string
  result?: SimulationResult
}

export interface SimulationRequest {
  draft_id?: string
  claims?: { from?: string; to?: string }
  synthetic?: { count: number; seed: number }
  sensitivity?: { path: string; values: number[] }
}
