import { useI18n } from 'vue-i18n'
import { formatDay } from '@/ui/format'
import { useCategories } from '@/ui/market/categories'
import type { Selector } from './rules'

/** Puts conditions and periods of a policy into the reader's words. */
export function usePolicyWords() {
  const { t, locale } = useI18n()
  const { categoryName } = useCategories()
  const or = (words: string[] | undefined) => (words ?? []).join(t('policies.or'))

  /** To what a rule applies: "能力上云，小型企业"; everything when nothing is named. */
  function appliesTo(selector: Selector | undefined): string {
    const parts = [
      or(selector?.depths?.map((depth) => t(`words.depth.${depth}`))),
      or(selector?.categories?.map(categoryName)),
      or(selector?.classes?.map((name) => t('policies.class', { name }))),
      or(selector?.sizes?.map((size) => t(`words.size.${size}`))),
      or(selector?.stars?.map((star) => t('policies.star', { star }))),
      or(selector?.cost_kinds?.map((kind) => t(`policies.costKind.${kind}`))),
      or(selector?.providers?.map((key) => t('policies.providerGroup', { key }))),
      selector?.purchase ? t(`policies.purchase.${selector.purchase}`) : '',
    ].filter(Boolean)
    return parts.join(t('policies.and')) || t('policies.anything')
  }

  /** "2026年1月1日 – 2027年12月31日"; words where an end is open. */
  function period(span: { from?: string; to?: string } | undefined): string {
    const from = span?.from ? formatDay(span.from, locale.value) : ''
    const to = span?.to ? formatDay(span.to, locale.value) : ''
    if (from && to) return `${from} – ${to}`
    if (from) return t('policies.since', { day: from })
    return to ? t('policies.until', { day: to }) : t('policies.noWindow')
  }

  /** "首次购买：" before a rule that is not for all; nothing before one that is. */
  const onlyFor = (selector: Selector | undefined) =>
    Object.values(selector ?? {}).some((part) => part && part.length > 0) ? `${appliesTo(selector)}${t('subsidy.colon')}` : ''

  return { appliesTo, onlyFor, period }
}
