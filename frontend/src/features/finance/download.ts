import { api } from '@/api/client'
import { asProblem, toProblem } from '@/api/problem'

export type ListFormat = 'xlsx' | 'csv'

/** The name a server gives to a download: the encoded one before the plain one. */
export function nameIn(disposition: string | null): string {
  const encoded = /filename\*=(?:UTF-8|utf-8)''([^;\s]+)/.exec(disposition ?? '')?.[1]
  if (encoded) {
    try {
      return decodeURIComponent(encoded)
    } catch {
      // not encoded as it claims: the plain name serves
    }
  }
  const plain = /filename="?([^";]+)"?/.exec(disposition ?? '')?.[1]
  return plain?.trim() ?? ''
}

/** Takes the payment list out, with the name that the server gives it. */
export async function takeOut(id: string, number: string, format: ListFormat, layout: string): Promise<{ blob: Blob; name: string }> {
  const answer = await api
    .GET('/api/v1/batches/{id}/export', { params: { path: { id }, query: { format, layout } }, parseAs: 'blob' })
    .catch((thrown: unknown) => {
      throw asProblem(thrown)
    })
  if (!answer.response.ok) throw toProblem(answer.response, answer.error)
  const blob = answer.data as unknown as Blob
  return { blob, name: nameIn(answer.response.headers.get('Content-Disposition')) || `${number}.${format}` }
}
