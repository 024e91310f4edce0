/** Where a value stands in a document: ["rates", 0, "rate_bp"]. */
export type Path = readonly (string | number)[]

export type Json = Record<string, unknown>

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** As the API names it: "rates[0].rate_bp". */
export const nameOf = (path: Path): string => path.reduce<string>((name, step) => (typeof step === 'number' ? `${name}[${step}]` : name ? `${name}.${step}` : step), '')

/** The steps of a name; a key that holds a dot itself falls apart, which names of the schema do not. */
export const stepsOf = (name: string): (string | number)[] =>
  [...name.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((part) => (part[1] === undefined ? (part[2] ?? '') : Number(part[1])))

export function valueAt(document: unknown, path: Path): unknown {
  let here: unknown = document
  for (const step of path) {
    if (typeof step === 'number' ? !Array.isArray(here) : !isObject(here)) return undefined
    here = (here as Record<string | number, unknown>)[step]
  }
  return here
}

/**
 * Writes a value, making what lies between. Undefined takes the entry away, and then
 * every object above it that `goes` when it is left empty; members of lists stay.
 */
export function writeAt(document: Json, path: Path, value: unknown, goes: (path: Path) => boolean = () => false): void {
  if (value === undefined) {
    removeAt(document, path, goes)
    return
  }
  let here: unknown = document
  path.forEach((step, at) => {
    const holder = here as Record<string | number, unknown>
    if (at === path.length - 1) {
      holder[step] = value
      return
    }
    const next = path[at + 1]
    const fits = typeof next === 'number' ? Array.isArray(holder[step]) : isObject(holder[step])
    if (!fits) holder[step] = typeof next === 'number' ? [] : {}
    here = holder[step]
  })
}

function removeAt(document: Json, path: Path, goes: (path: Path) => boolean): void {
  const above = path.slice(0, -1)
  const holder = valueAt(document, above)
  const last = path[path.length - 1]
  if (Array.isArray(holder) && typeof last === 'number') holder.splice(last, 1)
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the document is data
  else if (isObject(holder) && last !== undefined) delete holder[last]
  else return
  const empty = Array.isArray(holder) ? holder.length === 0 : Object.keys(holder).length === 0
  if (above.length > 0 && empty && typeof above[above.length - 1] !== 'number' && (Array.isArray(holder) || goes(above))) removeAt(document, above, goes)
}

/** Moves a member of a list by one place. */
export function moveAt(document: Json, path: Path, by: -1 | 1): boolean {
  const list = valueAt(document, path.slice(0, -1))
  const at = path[path.length - 1]
  if (!Array.isArray(list) || typeof at !== 'number') return false
  const to = at + by
  if (to < 0 || to >= list.length) return false
  list.splice(to, 0, ...(list.splice(at, 1) as unknown[]))
  return true
}
