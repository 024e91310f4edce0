import { api, call } from '@/api/client'
import type { ClaimView } from '@/ui/queue/ClaimTable.vue'

export interface PolicyTotal {
  policy: string
  count: number
  fen: number
  /** claims that someone else must pay */
  handled: number
}

/** Approved claims by policy; the policy with most to pay comes first. */
export function byPolicy(claims: readonly ClaimView[]): PolicyTotal[] {
  const totals = new Map<string, PolicyTotal>()
  for (const claim of claims) {
    const total = totals.get(claim.policy_code) ?? { policy: claim.policy_code, count: 0, fen: 0, handled: 0 }
    total.count += 1
    total.fen += claim.legs.government_subsidy_fen
    if (claim.handled) total.handled += 1
    totals.set(claim.policy_code, total)
  }
  return [...totals.values()].sort((a, b) => b.fen - a.fen)
}

interface Page { items: ClaimView[]; next_cursor: string }

const readPage = (cursor: string | undefined): Promise<Page> =>
  call(api.GET('/api/v1/claims', { params: { query: { state: 'approved', page_size: 100, cursor } } }))

/** Every approved claim, so that the totals are exact; as many as a batch may hold. */
export async function allApproved(read = readPage, most = 10_000): Promise<{ claims: ClaimView[]; more: boolean }> {
  const claims: ClaimView[] = []
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    claims.push(...page.items)
    cursor = page.next_cursor || undefined
  } while (cursor && claims.length < most)
  return { claims, more: cursor !== undefined }
}

/** The policy of the chosen claims, '' when they are of several or none. */
export function onePolicy(claims: readonly ClaimView[]): string {
  const policies = new Set(claims.map((claim) => claim.policy_code))
  return policies.size === 1 ? (claims[0]?.policy_code ?? '') : ''
}
