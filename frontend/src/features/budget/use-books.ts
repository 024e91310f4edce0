import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import { api, call } from '@/api/client'
import { useCategories } from '@/ui/market/categories'
import { useReference } from '@/ui/subsidy/reference'
import { useTongue } from '@/ui/subsidy/tongue'
import { one } from './books'

/** The policy that is looked at: of the address, or else the first that has money. */
export function usePolicy() {
  const route = useRoute()
  const { pick } = useTongue()
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['policies'], queryFn: () => call(api.GET('/api/v1/policies')), staleTime: 60_000 })
  const funded = computed(() => (data.value?.items ?? []).filter((policy) => policy.claimable))
  const policy = computed(() => one(route.query.policy) || (funded.value.find((one) => one.meter.length > 0)?.code ?? ''))
  const current = computed(() => data.value?.items.find((one) => one.code === policy.value))
  const policyTitle = (code: string) => pick(data.value?.items.find((one) => one.code === code)?.title) || code
  /** the years that money was voted for; the one in use first */
  const years = computed(() => [...new Set([...(current.value?.meter ?? [])].sort((a, b) => Number(b.current) - Number(a.current)).map((row) => row.budget_year))])
  const year = computed(() => one(route.query.year))
  return { funded, policy, current, policyTitle, years, year, error, isPending, refetch }
}

/** Names of accounts, kinds of journals, purses, categories and payees. */
export function useBookWords() {
  const { t, te } = useI18n()
  const { pick } = useTongue()
  const { districtName, districts } = useReference()
  const { categoryName } = useCategories()
  const { data } = useQuery({ queryKey: ['chart-of-accounts'], queryFn: () => call(api.GET('/api/v1/ledger/accounts')), staleTime: 600_000 })
  const accounts = computed(() => data.value?.accounts ?? [])
  const kinds = computed(() => data.value?.movements ?? [])
  return {
    accounts,
    kinds,
    districts,
    districtName,
    accountName: (code: string) => pick(accounts.value.find((row) => row.account === code)?.name) || code,
    accountAbout: (code: string) => pick(accounts.value.find((row) => row.account === code)?.about),
    kindName: (code: string) => pick(kinds.value.find((row) => row.kind === code)?.name) || code,
    scopeName: (scope: string) => (scope === 'city' ? t('budget.city') : scope ? districtName(scope) : ''),
    levelName: (level: string) => t(`budget.level.${level === 'city' ? 'city' : 'district'}`),
    yearName: (year: string) => (year && year !== 'term' ? t('budget.yearOf', { year }) : t('budget.term')),
    kindOfCategory: (code: string) => (code === 'other' ? t('budget.otherCategories') : code ? categoryName(code) : t('budget.noCategory')),
    payeeName: (payee: string) => (te(`budget.payee.${payee}`) ? t(`budget.payee.${payee}`) : t('budget.payee.none')),
  }
}
