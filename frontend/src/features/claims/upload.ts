import { api, call } from '@/api/client'
import type { Evidence } from '@/ui/subsidy/types'

/** What the house takes as evidence; the server looks at the content. */
export const evidenceTypes = ['.pdf', '.jpg', '.jpeg', '.png', '.ofd', '.xml', '.docx', '.xlsx']

/** Puts a file on a claim. */
export async function attach(claim: string, kind: string, file: File): Promise<Evidence> {
  const form = new FormData()
  form.append('kind', kind)
  form.append('file', file, file.name)
  const answer = api.POST('/api/v1/claims/{id}/evidence', {
    params: { path: { id: claim } },
    body: form as never,
    bodySerializer: (body) => body as unknown as FormData,
  })
  return (await call<unknown>(answer)) as Evidence
}

export async function detach(claim: string, file: string): Promise<void> {
  await call(api.DELETE('/api/v1/claims/{id}/evidence/{file_id}', { params: { path: { id: claim, file_id: file } } }))
}
