import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, call } from '@/api/client'
import { useTongue } from '../subsidy/tongue'

/** The tree of categories with the number of offers of each, and the names of their codes. */
export function useCategories() {
  const { pick } = useTongue()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['categories'],
    queryFn: () => call(api.GET('/api/v1/categories')),
    staleTime: 600_000,
  })
  const roots = computed(() => data.value?.items ?? [])
  const names = computed(() => new Map(roots.value.flatMap((root) => [root, ...root.children]).map((node) => [node.code, node.name])))
  const categoryName = (code: string) => pick(names.value.get(code)) || code
  return { roots, error, isPending, refetch, categoryName }
}
