import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, call } from '@/api/client'
import { useReference } from './reference'

/** The figures that a size class is computed from; null is not known. */
export interface SizeFigures {
  industry: string
  head_count: number | null | undefined
  revenue_fen: number | null | undefined
  assets_fen: number | null | undefined
}

/** The size class of a firm while its figures are typed: nothing until all that the industry needs is there. */
export function useSizeClass(figures: () => SizeFigures) {
  const { industries } = useReference()
  const needs = computed(() => industries.value.find((row) => row.key === figures().industry)?.needs ?? [])
  const known: Record<string, () => number | null | undefined> = {
    head_count: () => figures().head_count,
    revenue: () => figures().revenue_fen,
    assets: () => figures().assets_fen,
  }
  const ready = computed(() => needs.value.length > 0 && needs.value.every((need) => typeof known[need]?.() === 'number'))
  const body = computed(() => {
    const { industry, head_count, revenue_fen, assets_fen } = figures()
    return { industry, head_count: head_count ?? undefined, revenue_fen: revenue_fen ?? undefined, assets_fen: assets_fen ?? undefined }
  })
  const { data, error } = useQuery({
    queryKey: computed(() => ['size-class', body.value]),
    queryFn: () => call(api.POST('/api/v1/registry/size-class', { body: body.value })),
    enabled: ready,
    staleTime: 600_000,
    placeholderData: keepPreviousData,
  })
  const classification = computed(() => (ready.value ? data.value : undefined))
  return { classification, needs, error }
}
