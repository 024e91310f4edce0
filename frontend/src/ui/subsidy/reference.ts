import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, call } from '@/api/client'
import { useTongue } from './tongue'

/** The tables that forms choose from, read once per visit, and the names of their codes. */
export function useReference() {
  const { pick } = useTongue()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['registry-reference'],
    queryFn: () => call(api.GET('/api/v1/registry/reference')),
    staleTime: 600_000,
  })
  const districts = computed(() => data.value?.districts ?? [])
  const industries = computed(() => data.value?.size_standard.industries ?? [])
  const chains = computed(() => data.value?.chains.chains ?? [])
  const districtName = (id: string) => {
    const found = [...districts.value, ...(data.value?.abolished ?? [])].find((unit) => unit.id === id)
    return found ? pick(found.name) : id
  }
  const industryName = (key: string) => pick(industries.value.find((row) => row.key === key)?.name) || key
  const chainName = (key: string) => pick(chains.value.find((chain) => chain.key === key)?.name) || key
  return { reference: data, error, isPending, refetch, districts, industries, chains, districtName, industryName, chainName }
}

/** The coded grounds of returns and refusals, as words. */
export function useReasons() {
  const { pick } = useTongue()
  const { data } = useQuery({
    queryKey: ['claim-reasons'],
    queryFn: () => call(api.GET('/api/v1/claims/reasons')),
    staleTime: 600_000,
  })
  const reasons = computed(() => data.value?.items ?? [])
  const reasonText = (code: string | undefined) => (code ? pick(reasons.value.find((reason) => reason.code === code)?.text) || code : '')
  return { reasons, reasonText }
}
