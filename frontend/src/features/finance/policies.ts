import { useQuery } from '@tanstack/vue-query'
import { api, call } from '@/api/client'
import { useTongue } from '@/ui/subsidy/tongue'

/** Titles of policies by their code; the code itself until they are known. */
export function usePolicyTitles() {
  const { pick } = useTongue()
  const { data } = useQuery({ queryKey: ['policies'], queryFn: () => call(api.GET('/api/v1/policies')), staleTime: 600_000 })
  return (code: string) => pick(data.value?.items.find((policy) => policy.code === code)?.title) || code
}
