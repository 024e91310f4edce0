import type { Legs } from '@/ui/legs'

/**
 * The example on the home page: list price 120,000 yuan, 10 % off by the provider,
 * 30 % of the contract from the government, matched 6 to 4 by city and district.
 */
export const exampleLegs: Legs = {
  list_price_fen: 12_000_000,
  provider_discount_fen: 1_200_000,
  government_subsidy_fen: 3_240_000,
  municipal_fen: 1_944_000,
  district_fen: 1_296_000,
  enterprise_share_fen: 7_560_000,
}

/** The roots of the category tree, in the order of the catalogue. */
export const rootCategories = ['infra', 'platform', 'app', 'device', 'data', 'iip', 'support'] as const
