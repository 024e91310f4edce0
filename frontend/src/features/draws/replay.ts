import { hex } from './draw'

/** What is published of a draw, and what anybody can make of it. */
export interface Published {
  list: string
  digest: string
  seeds: readonly { commitment: string; seed?: string; lost_reason?: string }[]
  effective: string
}

export interface Replayed {
  digest: boolean
  pledges: boolean
  seed: boolean
  /** numbers of the list in the order of the draw */
  order: number[]
}

const bytes = (text: string) => new TextEncoder().encode(text)

/** Browsers compute digests on secure pages only. */
export const canReplay = (): boolean => typeof crypto !== 'undefined' && crypto.subtle !== undefined

export async function sha256(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(text))))
}

/** The lots of a closed list: the first line is its heading. */
export function lotsOf(list: string): { number: number; band: number }[] {
  return list
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => {
      const [number = '', , band = ''] = line.split('\t')
      return { number: Number(number), band: Number(band) }
    })
}

/** Draws anew from what is published, as docs/draws.md tells. */
export async function replay(draw: Published): Promise<Replayed> {
  const digest = await sha256(draw.list)
  const pledges = await Promise.all(draw.seeds.map(async (one) => Boolean(one.lost_reason) || (await sha256(one.seed ?? '')) === one.commitment))
  const seed = await sha256(draw.seeds.map((one) => (one.lost_reason ? one.commitment : one.seed ?? '')).join('') + digest)
  const key = await crypto.subtle.importKey('raw', bytes(seed), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const tickets = await Promise.all(
    lotsOf(draw.list).map(async (lot) => ({ ...lot, ticket: hex(new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(String(lot.number))))) })),
  )
  tickets.sort((a, b) => a.band - b.band || (a.ticket < b.ticket ? -1 : 1))
  return { digest: digest === draw.digest, pledges: pledges.every(Boolean), seed: seed === draw.effective, order: tickets.map((one) => one.number) }
}
