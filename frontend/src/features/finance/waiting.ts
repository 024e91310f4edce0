import type { ClaimView } from '@/ui/queue/ClaimTable.vue'

/** The policy of the chosen claims, '' when they are of several or none. */
export function onePolicy(claims: readonly ClaimView[]): string {
  const policies = new Set(claims.map((claim) => claim.policy_code))
  return policies.size === 1 ? (claims[0]?.policy_code ?? '') : ''
}
