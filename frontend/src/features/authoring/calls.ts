import { api, call } from '@/api/client'
import type { Json } from './path'
import type { SimulationRequest } from './types'

const of = (id: string) => ({ path: { id } })

/** The calls about drafts. */
export const drafts = {
  list: (query: { state?: 'draft' | 'submitted' | 'returned' | 'published' | 'withdrawn'; cursor?: string }) => call(api.GET('/api/v1/policy-drafts', { params: { query } })),
  get: (id: string) => call(api.GET('/api/v1/policy-drafts/{id}', { params: of(id) })),
  make: (body: { code?: string; based_on_version?: number; document?: Json }) => call(api.POST('/api/v1/policy-drafts', { body })),
  save: (id: string, rev: number, document: Json) => call(api.PUT('/api/v1/policy-drafts/{id}', { params: of(id), body: { rev, document } })),
  check: (document: Json) => call(api.POST('/api/v1/policy-drafts/check', { body: { document } })),
  act: (id: string, act: 'submit' | 'return' | 'publish' | 'withdraw', body: { rev: number; reason?: string }) =>
    call(api.POST(`/api/v1/policy-drafts/{id}/${act}`, { params: of(id), body })),
  exportYaml: (id: string) => call(api.GET('/api/v1/policy-drafts/{id}/yaml', { params: of(id), parseAs: 'blob' })) as unknown as Promise<Blob>,
  importYaml: (id: string, rev: number, text: string) => {
    // The file goes as it is; the API document does not describe bodies that are not JSON.
    const raw = { body: text, bodySerializer: (body: unknown) => body, headers: { 'Content-Type': 'text/yaml' } } as object
    return call(api.PUT('/api/v1/policy-drafts/{id}/yaml', { params: { ...of(id), query: { rev: String(rev) } }, ...raw }))
  },
  vocabulary: () => call(api.GET('/api/v1/policies/vocabulary')),
}

/** The calls about simulations: a run goes on by itself and is asked after. */
export const simulations = {
  start: (code: string, body: SimulationRequest) => call(api.POST('/api/v1/policies/{code}/simulate', { params: { path: { code } }, body })),
  get: (id: string) => call(api.GET('/api/v1/simulations/{id}', { params: of(id) })),
  cancel: (id: string) => call(api.POST('/api/v1/simulations/{id}/cancel', { params: of(id) })),
  take: (id: string) => call(api.GET('/api/v1/simulations/{id}/export', { params: { ...of(id), query: { format: 'xlsx' } }, parseAs: 'blob' })) as unknown as Promise<Blob>,
}
