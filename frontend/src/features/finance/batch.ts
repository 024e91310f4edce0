import { api, call } from '@/api/client'
import type { components } from '@/api/schema'
import type { Tone } from '@/ui/StatusTag.vue'

type Schemas = components['schemas']
export type Batch = Schemas['Batch']
export type BatchPage = Schemas['BatchPage']
export type Line = Schemas['Shown']
export type LeftOut = Schemas['LeftOut']
export type Job = Schemas['Job']

/** The stations of a batch, in the order of its life. */
export const batchStates = ['gathering', 'drafted', 'closed', 'exported', 'settled', 'releasing', 'abandoned'] as const

const tones: Record<string, Tone> = {
  gathering: 'active',
  releasing: 'active',
  drafted: 'waiting',
  closed: 'active',
  exported: 'active',
  settled: 'good',
  ordered: 'active',
  paid: 'good',
  failed: 'bad',
}

/** The tone of a batch or of a line. */
export const toneOf = (state: string): Tone => tones[state] ?? 'neutral'

/** The tone of what is done to a batch. */
export const jobTones: Record<string, Tone> = { running: 'active', done: 'good', stopped: 'bad' }

/** Work is under way: the page looks again by itself. */
export const underWay = (page: BatchPage | undefined) => page?.jobs?.some((job) => job.state === 'running') ?? false

/** What may be done in which state; the server decides, this only shapes the screen. */
export const maySeal = (batch: Batch) => batch.state === 'drafted'
export const mayGiveUp = (batch: Batch) => batch.state === 'drafted' || batch.state === 'gathering'
export const mayTakeOut = (batch: Batch) => ['closed', 'exported', 'settled'].includes(batch.state)
export const maySettle = (batch: Batch) => batch.state === 'closed' || batch.state === 'exported'

export const readBatch = (id: string, cursor?: string, size = 50): Promise<BatchPage> =>
  call(api.GET('/api/v1/batches/{id}', { params: { path: { id }, query: { page_size: size, cursor } } }))
