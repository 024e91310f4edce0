import { api, call } from '@/api/client'
import type { Evidence } from './types'

/** Reads a file of a claim with the rights of the session. */
export async function readEvidence(claim: string, file: Evidence): Promise<Blob> {
  const answer = api.GET('/api/v1/claims/{id}/evidence/{file_id}', {
    params: { path: { id: claim, file_id: file.file_id } },
    parseAs: 'blob',
  })
  const blob = await call<unknown>(answer)
  return new Blob([blob as Blob], { type: file.media_type })
}

/** Hands a file to the browser under its own name. */
export function saveAs(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

export const isPicture = (file: Evidence) => /^image\/(png|jpeg|gif|webp)$/.test(file.media_type)
