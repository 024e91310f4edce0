import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import { api, call } from '@/api/client'
import { useCursorList } from '@/ui/cursor-list'
import { agreementStates, claimStates } from './states'

const one = (value: unknown) => (typeof value === 'string' ? value : '')

/**
 * The view of a queue from the address: `all`, a state, or '' for the first view,
 * which is what waits for those who work here and everything for those who look on.
 */
function useView() {
  const route = useRoute()
  return computed(() => one(route.query.view))
}

/** Claims as the address asks: those waiting for me, all, or those in one state. */
export function useClaimQueue(works: () => boolean) {
  const view = useView()
  const { locale } = useI18n()
  const state = computed(() => claimStates.find((known) => known === view.value))
  const list = useCursorList({
    key: () => ['claims', locale.value, view.value, works()],
    fetch: (cursor) =>
      call(api.GET('/api/v1/claims', { params: { query: { state: state.value, mine: (view.value === '' && works()) || undefined, page_size: 50, cursor } } })),
  })
  return { view, list }
}

/** Agreements as the address asks. */
export function useAgreementQueue(works: () => boolean) {
  const view = useView()
  const { locale } = useI18n()
  const state = computed(() => agreementStates.find((known) => known === view.value))
  const list = useCursorList({
    key: () => ['agreements', locale.value, view.value, works()],
    fetch: (cursor) =>
      call(api.GET('/api/v1/agreements', { params: { query: { state: state.value, mine: (view.value === '' && works()) || undefined, page_size: 50, cursor } } })),
  })
  return { view, list }
}

/** Tabs over a queue: mine for those who work here, some states, all. */
export function useQueueTabs(options: {
  kind: 'claim' | 'agreement'
  works: () => boolean
  states: () => readonly string[]
  counts?: () => Record<string, number | undefined>
}) {
  const { t } = useI18n()
  return computed(() => {
    const counts = options.counts?.() ?? {}
    const states = options.states().map((state) => ({ value: state, label: t(options.kind === 'claim' ? `subsidy.claimState.${state}` : `subsidy.agreementState.${state}`), count: counts[state] }))
    if (!options.works()) return [{ value: '', label: t('queue.all') }, ...states]
    const waiting = Object.values(counts).reduce<number>((sum, n) => sum + (n ?? 0), 0)
    return [{ value: '', label: t('queue.mine'), count: waiting || undefined }, ...states, { value: 'all', label: t('queue.all') }]
  })
}
