import type { components } from '@/api/schema'
import type { FieldError } from '@/api/problem'
import { parseYuan, yuan } from '@/ui/format'

export type OfferBody = components['schemas']['OfferDraft']
type OfferPage = components['schemas']['OfferPage']

export const units = ['once', 'month', 'quarter', 'year', 'user_month', 'user_year', 'device_month', 'device_year', 'day', 'time'] as const
export const depths = ['resource', 'business', 'capability', 'ecosystem'] as const
export const sizes = ['micro', 'small', 'medium', 'large'] as const

/** What a person types for one plan, prices as text. */
export interface PlanEntry {
  id: string
  name_zh: string
  name_en: string
  unit: (typeof units)[number]
  price: string
  includes_zh: string
  includes_en: string
}

export const emptyPlan = (): PlanEntry => ({ id: '', name_zh: '', name_en: '', unit: 'year', price: '', includes_zh: '', includes_en: '' })

export const emptyOffer = () => ({
  category: '',
  depth: 'business' as (typeof depths)[number],
  class: '' as '' | 'A' | 'B',
  name_zh: '',
  name_en: '',
  summary_zh: '',
  summary_en: '',
  description_zh: '',
  description_en: '',
  data_return_zh: '',
  data_return_en: '',
  chains: [] as string[],
  sizes: [] as string[],
  integrates: '',
  plans: [emptyPlan()],
})

export type OfferEntry = ReturnType<typeof emptyOffer>

/** The form filled with an offer as it stands; retired plans stay out. */
export function fromOffer(offer: OfferPage): OfferEntry {
  const { category, name_zh, name_en, summary_zh, summary_en, description_zh, description_en, data_return_zh, data_return_en } = offer
  return {
    ...{ category, name_zh, name_en, summary_zh, summary_en, description_zh, description_en, data_return_zh, data_return_en },
    depth: offer.depth as OfferEntry['depth'],
    class: offer.class as OfferEntry['class'],
    chains: [...offer.chains],
    sizes: [...offer.sizes],
    integrates: offer.integrates.join('、'),
    plans: offer.plans
      .filter((plan) => plan.status === 'active')
      .map(({ id, name_zh, name_en, unit, price_fen, includes_zh, includes_en }) => ({
        ...{ id, name_zh, name_en, includes_zh, includes_en },
        unit: unit as PlanEntry['unit'],
        price: yuan(price_fen).replaceAll(',', ''),
      })),
  }
}

/** The body for the API, or the prices that cannot be read; all else the API judges. */
export function readOffer(entry: OfferEntry, badPrice: string): { body: OfferBody; faults: FieldError[] } {
  const faults: FieldError[] = []
  const plans = entry.plans.map(({ id, price, ...plan }, index) => {
    const fen = parseYuan(price)
    if (fen === null) faults.push({ path: `plans[${index}].price_fen`, code: 'amount', message: badPrice })
    return { ...plan, ...(id ? { id } : {}), price_fen: fen ?? 0 }
  })
  const integrates = entry.integrates.split(/[、,，;；\n]/).map((word) => word.trim()).filter(Boolean)
  return { body: { ...entry, integrates, plans }, faults }
}
