import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useCategories } from '@/ui/market/categories'
import { useReference } from '@/ui/subsidy/reference'
import { useTongue } from '@/ui/subsidy/tongue'
import { useEditing } from './editing'
import { isObject } from './path'
import { useFormWords } from './words'

export interface Row {
  value: string
  label: string
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

const groups = (value: unknown) =>
  (Array.isArray(value) ? value.filter(isObject) : [])
    .map((group) => ({ key: text(group.key), name: isObject(group.name) ? { zh: text(group.name.zh), en: text(group.name.en) } : undefined }))
    .filter((group) => group.key)

/** The rows of a table of codes, for choosing among them; empty for a table that the site does not know. */
export function useTable(table: () => string) {
  const { pick } = useTongue()
  const { roots } = useCategories()
  const { districts, industries, chains } = useReference()
  const { t } = useI18n()
  const { clauses, document } = useEditing()
  const words = useFormWords()
  return computed((): Row[] => {
    switch (table()) {
      case 'category':
        return roots.value.flatMap((root) => [{ value: root.code, label: pick(root.name) }, ...root.children.map((leaf) => ({ value: leaf.code, label: `${pick(root.name)} › ${pick(leaf.name)}` }))])
      case 'district':
        return districts.value.map((unit) => ({ value: unit.id, label: pick(unit.name) }))
      case 'industry':
        return industries.value.map((row) => ({ value: row.key, label: pick(row.name) }))
      case 'chain':
        return chains.value.map((chain) => ({ value: chain.key, label: pick(chain.name) }))
      case 'clause':
        return clauses.value.filter((one) => one.number).map((one) => ({ value: one.number, label: words.clause(one.number) }))
      case 'provider_group':
        return [...groups(document.value.provider_groups).map((group) => ({ value: group.key, label: pick(group.name) || group.key })), { value: 'others', label: t('authoring.otherProviders') }]
      default:
        return []
    }
  })
}
