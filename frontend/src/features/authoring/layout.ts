import type { SchemaNode } from './schema'

/** One page of the form: the parts of the document that it shows. */
export interface Part {
  key: string
  fields: string[]
}

const order: readonly Part[] = [
  { key: 'identity', fields: ['title', 'code', 'version', 'kind', 'note', 'authority', 'region', 'in_force_from'] },
  { key: 'sources', fields: ['sources'] },
  { key: 'windows', fields: ['window', 'redemption', 'opening'] },
  { key: 'clauses', fields: ['clauses'] },
  { key: 'parameters', fields: ['parameters'] },
  { key: 'eligibility', fields: ['eligibility', 'first_purchase_only', 'new_use_only', 'minimum_paid'] },
  { key: 'base', fields: ['base'] },
  { key: 'rates', fields: ['rates'] },
  { key: 'limits', fields: ['caps', 'minimum_enterprise_share', 'minimum_subsidy'] },
  { key: 'money', fields: ['budget', 'match'] },
  { key: 'course', fields: ['payee', 'mechanism', 'evidence', 'notice_working_days', 'reservation_days', 'rounding'] },
]

/**
 * The form in the order in which a scheme is thought out. What the schema holds beyond
 * it stands in a part of its own, so that nothing is out of reach; cases come last.
 */
export function partsOf(schema: SchemaNode, present: readonly string[]): Part[] {
  const known = Object.keys(schema.properties ?? {})
  const placed = new Set([...order.flatMap((part) => part.fields), 'cases'])
  const rest = [...known, ...present.filter((key) => !known.includes(key))].filter((key) => !placed.has(key))
  const parts = order.map((part) => ({ ...part, fields: part.fields.filter((field) => known.includes(field)) }))
  return [...parts, { key: 'more', fields: rest }, { key: 'cases', fields: known.includes('cases') ? ['cases'] : [] }].filter((part) => part.fields.length > 0)
}

export const partOf = (parts: readonly Part[], path: string): string => {
  const top = /^[^.[]+/.exec(path)?.[0] ?? ''
  return parts.find((part) => part.fields.includes(top))?.key ?? parts[0]?.key ?? ''
}

/** Ways of saying one thing, of which one is chosen; by definition of the schema. */
const ways: Record<string, readonly (readonly string[])[]> = {
  rate: [['rate_bp'], ['rate_parameter'], ['flat_fen'], ['flat_parameter'], ['bands', 'band_mode']],
  cap: [['limit_fen'], ['limit_parameter']],
  threshold: [['ratio_bp'], ['ratio_parameter']],
  minimum: [['amount_fen'], ['amount_parameter']],
}

/** The ways that this schema has; none where there is nothing to choose. */
export function waysOf(node: SchemaNode): string[][] {
  const known = (ways[node.def ?? ''] ?? []).map((way) => way.filter((key) => node.properties?.[key])).filter((way) => way.length > 0)
  return known.length > 1 ? known : []
}

/** Parts of an item that most items leave out; they are folded away while they are empty. */
export const folded: readonly string[] = ['applies_to', 'effective', 'enterprise', 'provider', 'agreement', 'claim', 'used']
