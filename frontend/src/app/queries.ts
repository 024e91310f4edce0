import { QueryClient } from '@tanstack/vue-query'
import { asProblem } from '@/api/problem'

/** Reads are tried again only where that can help; writes never by themselves. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && asProblem(error).transient,
    },
    mutations: { retry: false },
  },
})
