import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, reactive, toValue, type MaybeRefOrGetter } from 'vue'

/** One page of a list, as every list of the API answers. */
export interface CursorPage<T> {
  items: T[] | null
  total?: number
  next_cursor?: string
}

/**
 * A list read page by page with the API's cursors. The key must hold everything
 * that changes the answer (filters, sort); a changed key starts the list anew.
 *
 *   const list = useCursorList({
 *     key: () => ['offers', filters.value],
 *     fetch: (cursor) => call(api.GET('/api/v1/offers', { params: { query: { ...filters.value, cursor } } })),
 *   })
 *   <DataList :list="list"> … </DataList>
 */
export function useCursorList<T, P extends CursorPage<T>>(options: {
  key: MaybeRefOrGetter<readonly unknown[]>
  fetch: (cursor: string | undefined) => Promise<P & CursorPage<T>>
}) {
  const query = useInfiniteQuery({
    queryKey: computed(() => toValue(options.key)),
    queryFn: ({ pageParam }) => options.fetch(pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  })
  return reactive({
    items: computed(() => (query.data.value?.pages ?? []).flatMap((page) => page.items ?? [])),
    /** the first page whole, for facets and other things beside the items */
    first: computed(() => query.data.value?.pages[0]),
    total: computed(() => query.data.value?.pages[0]?.total),
    error: computed(() => query.error.value),
    loading: computed(() => query.isPending.value),
    loadingMore: computed(() => query.isFetchingNextPage.value),
    hasMore: computed(() => query.hasNextPage.value),
    more: () => void query.fetchNextPage(),
    reload: () => void query.refetch(),
  })
}

/** What DataList needs to know of a list; `useCursorList` returns one. */
export interface ListState<T> {
  items: T[]
  total?: number
  error: unknown
  loading: boolean
  loadingMore: boolean
  hasMore: boolean
  more: () => void
  reload: () => void
}
