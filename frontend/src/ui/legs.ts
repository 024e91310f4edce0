import { shares, type Fen } from './format'

/** The three-way split of one price, as the API carries it. */
export interface Legs {
  list_price_fen: number
  provider_discount_fen: number
  government_subsidy_fen: number
  municipal_fen: number
  district_fen: number
  enterprise_share_fen: number
}

export type LegName = 'discount' | 'subsidy' | 'enterprise'

export interface Leg {
  name: LegName
  fen: number
  /** tenths of a per cent of the list price; the three add up to 1000 */
  share: number
  /** the inner split of the government's leg */
  inner: { name: 'municipal' | 'district'; fen: number }[]
}

/** The legs in the order of the picture. */
export function legsOf(legs: Legs): Leg[] {
  const amounts: Fen[] = [legs.provider_discount_fen, legs.government_subsidy_fen, legs.enterprise_share_fen]
  const [discount = 0, subsidy = 0, enterprise = 0] = shares(amounts)
  return [
    { name: 'discount', fen: legs.provider_discount_fen, share: discount, inner: [] },
    {
      name: 'subsidy',
      fen: legs.government_subsidy_fen,
      share: subsidy,
      inner: [
        { name: 'municipal', fen: legs.municipal_fen },
        { name: 'district', fen: legs.district_fen },
      ],
    },
    { name: 'enterprise', fen: legs.enterprise_share_fen, share: enterprise, inner: [] },
  ]
}
