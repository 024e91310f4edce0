import { isObject, type Path } from './path'

/** What the editor reads of JSON Schema: the words that policy.schema.json uses. */
export interface SchemaNode {
  $ref?: string
  $defs?: Record<string, SchemaNode>
  description?: string
  type?: string
  enum?: (string | number)[]
  properties?: Record<string, SchemaNode>
  required?: string[]
  items?: SchemaNode
  minimum?: number
  maximum?: number
  additionalProperties?: boolean | SchemaNode
  minItems?: number
  maxItems?: number
  maxLength?: number
  /** name of the definition it came from, and what that says of itself */
  def?: string
  about?: string
}

/** How a value is entered. */
export type Widget =
  | 'texts' | 'date' | 'yuan' | 'rate' | 'whole' | 'choice' | 'yesno' | 'choices' | 'code' | 'codes'
  | 'line' | 'long' | 'clause' | 'expression' | 'parameter' | 'group' | 'list' | 'map' | 'raw'

/** The node itself, its definition merged in; what stands beside a $ref wins. */
export function resolved(node: SchemaNode | undefined, root: SchemaNode): SchemaNode {
  if (!node) return {}
  if (!node.$ref) return node
  const def = node.$ref.replace('#/$defs/', '')
  const definition = resolved(root.$defs?.[def], root)
  return { ...definition, def, about: definition.description, ...node, $ref: undefined }
}

/** The node that describes a place of the document; empty where the schema knows none. */
export function nodeAt(root: SchemaNode, path: Path): SchemaNode {
  let node: SchemaNode = root
  for (const step of path) {
    const next = typeof step === 'number' ? node.items : (node.properties?.[step] ?? (isObject(node.additionalProperties) ? (node.additionalProperties as SchemaNode) : undefined))
    node = resolved(next, root)
  }
  return node
}

const codes: Record<string, string> = { categories: 'category', category: 'category', excluded_categories: 'category', districts: 'district', district: 'district', chains: 'chain', industry: 'industry' }

const refs: Record<string, string> = { '#/$defs/number': 'clause', '#/$defs/key': 'provider_group' }

/** The table from which a code is chosen; none for free text. */
export const tableOf = (key: string, node: SchemaNode): string | undefined =>
  refs[node.items?.$ref ?? ''] ?? codes[node.def ?? ''] ?? codes[key]

export function widgetOf(key: string, node: SchemaNode, root: SchemaNode): Widget {
  if (node.def === 'text') return 'texts'
  if (node.def === 'date') return 'date'
  if (node.def === 'number' && key !== 'number') return 'clause'
  if (node.enum) return 'choice'
  if (node.type === 'boolean') return 'yesno'
  if (node.type === 'integer') return key.endsWith('_fen') || node.def === 'fen' ? 'yuan' : key.endsWith('_bp') || node.def === 'bp' ? 'rate' : 'whole'
  if (node.type === 'string') return stringWidget(key, node)
  if (node.type === 'array') return arrayWidget(node, root)
  if (node.properties) return 'group'
  return node.type === 'object' && isObject(node.additionalProperties) ? 'map' : 'raw'
}

function stringWidget(key: string, node: SchemaNode): Widget {
  if (key === 'expression') return 'expression'
  if (/(^|_)parameter$/.test(key)) return 'parameter'
  if (tableOf(key, node)) return 'code'
  return (node.maxLength ?? 0) > 1000 && key !== 'url' ? 'long' : 'line'
}

function arrayWidget(node: SchemaNode, root: SchemaNode): Widget {
  const items = resolved(node.items, root)
  if (choicesOf(items).length > 0) return 'choices'
  if (items.type === 'string') return 'codes'
  return items.properties ? 'list' : 'raw'
}

const mostChoices = 12

/** What a value may be where it is one of a few: an enum, or whole numbers of a short range. */
export function choicesOf(node: SchemaNode): (string | number)[] {
  if (node.enum) return node.enum
  const { type, minimum, maximum } = node
  if (type !== 'integer' || minimum === undefined || maximum === undefined || maximum - minimum >= mostChoices) return []
  return Array.from({ length: maximum - minimum + 1 }, (_, at) => minimum + at)
}

/** Objects that only hold what was entered go when the last entry goes; those that say something by being there stay. */
export const vanishes = (node: SchemaNode): boolean => node.def === 'text' || !(node.required?.length)

// The schema describes each part in both languages, parted by a bar, label first.

const half = (description: string | undefined, locale: string): string => {
  const [zh = '', en = ''] = (description ?? '').split(' | ')
  return (locale === 'en' ? en || zh : zh || en).trim()
}

/** The first words of the description. */
export const labelIn = (node: SchemaNode, locale: string): string => /^[^，。；：（,.;:(]+/.exec(half(node.description, locale))?.[0].trim() ?? ''

/** What the description says beyond the label; lists of codes are left to the choices. */
export function hintIn(node: SchemaNode, locale: string): string {
  if (node.enum ?? node.items?.enum) return ''
  const whole = half(node.description, locale)
  return whole.slice(labelIn(node, locale).length).replace(/^[，。；：,.;:]\s*/, '')
}

/** What the description says of one choice: "after_payment 后补助", "after_payment: after …". */
export function choiceIn(node: SchemaNode, value: string | number, locale: string): string {
  const plain = String(value).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const found = new RegExp(locale === 'en' ? `(?:^|[\\s;])${plain}: ([^;.]+)` : `(?:^|[\\s：，、；])${plain} ([^，。；、]+)`).exec(half(node.description, locale))
  return found?.[1]?.trim() ?? (node.about && node.about !== node.description ? choiceIn({ description: node.about }, value, locale) : '')
}
