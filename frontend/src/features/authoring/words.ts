import { useI18n } from 'vue-i18n'
import { useTongue } from '@/ui/subsidy/tongue'
import { useEditing } from './editing'
import { isObject, stepsOf, type Path } from './path'
import { choiceIn, hintIn, labelIn, resolved, type SchemaNode } from './schema'

/** Inputs whose label says it all, or whose page has said it. */
const plain = new Set(['title', 'authority', 'clause', 'name', 'text', 'from', 'to', 'rates', 'caps', 'clauses', 'eligibility', 'cases', 'base', 'sources', 'on', 'of', 'url', 'accessed', 'quantity'])

/** Places where a common name means something of its own; the schema says what. */
const apart: readonly string[] = ['allotment.window', 'allotment.bands', 'exclusive.name', 'exclusive.categories', 'parameter.name', 'provider_group.name', 'selector.providers']

/** The words beside inputs: the site's own where it has better ones, else those of the schema. */
export function useFormWords() {
  const { t, te, locale } = useI18n()
  const { pick } = useTongue()
  const { schema, clauses, nodeOf } = useEditing()

  /** `within` is the definition around it, where a word of the form means something else. */
  const label = (key: string, node: SchemaNode, within = ''): string => {
    const own = `authoring.field.${key}`
    return te(own) && !apart.includes(`${within}.${key}`) ? t(own) : labelIn(node, locale.value) || key
  }
  const hint = (key: string, node: SchemaNode): string => (plain.has(key) ? '' : hintIn(node, locale.value))
  /** One choice of an enum; where a part of the document is named, its own label. */
  const choice = (key: string, node: SchemaNode, value: string | number): string => {
    for (const own of [`authoring.choice.${key}.${value}`, `authoring.choice.${value}`]) if (te(own)) return t(own)
    const part = schema.value.properties?.[String(value)]
    return choiceIn(node, value, locale.value) || (part ? label(String(value), resolved(part, schema.value)) : String(value))
  }
  const clause = (number: string): string => {
    const text = clauses.value.find((one) => one.number === number)?.text
    const words = isObject(text) ? pick({ zh: String(text.zh ?? ''), en: String(text.en ?? '') }) : ''
    const short = words.length > 40 ? `${words.slice(0, 40)}…` : words
    return short ? `${number} · ${short}` : number
  }
  /** "补贴标准 › 第 2 项 › 比例" for a place named by the API. */
  const place = (name: string): string => {
    const steps = stepsOf(name)
    const words = steps.map((step, at) => {
      const here: Path = steps.slice(0, at + 1)
      return typeof step === 'number' ? t('authoring.nth', { n: step + 1 }) : label(step, resolved(nodeOf(here), schema.value), nodeOf(steps.slice(0, at)).def)
    })
    return words.join(' › ')
  }
  return { label, hint, choice, clause, place }
}
