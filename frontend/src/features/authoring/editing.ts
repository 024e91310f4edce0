import { computed, inject, provide, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { isObject, moveAt, valueAt, writeAt, type Json, type Path } from './path'
import { nodeAt, resolved, vanishes, type SchemaNode } from './schema'
import type { CaseOutcome, Word } from './types'

/** What the inputs of one draft share. */
export interface Editing {
  schema: Ref<SchemaNode>
  document: Ref<Json>
  readonly: Ref<boolean>
  vocabulary: Ref<readonly Word[]>
  outcomes: Ref<readonly CaseOutcome[]>
  clauses: ComputedRef<{ number: string; text: unknown }[]>
  parameters: ComputedRef<Json[]>
  nodeOf: (path: Path) => SchemaNode
  get: (path: Path) => unknown
  set: (path: Path, value: unknown) => void
  move: (path: Path, by: -1 | 1) => void
}

const key: InjectionKey<Editing> = Symbol('editing')

const records = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])

export function provideEditing(source: Pick<Editing, 'schema' | 'document' | 'readonly' | 'vocabulary' | 'outcomes'>): Editing {
  const nodeOf = (path: Path) => nodeAt(source.schema.value, path)
  const editing: Editing = {
    ...source,
    clauses: computed(() => records(source.document.value.clauses).map((clause) => ({ number: typeof clause.number === 'string' ? clause.number : '', text: clause.text }))),
    parameters: computed(() => records(source.document.value.parameters)),
    nodeOf,
    get: (path) => valueAt(source.document.value, path),
    set: (path, value) => writeAt(source.document.value, path, value, (above) => vanishes(nodeOf(above))),
    move: (path, by) => moveAt(source.document.value, path, by),
  }
  provide(key, editing)
  return editing
}

export function useEditing(): Editing {
  const found = inject(key)
  if (!found) throw new Error('an input of the editor stands outside of a draft')
  return found
}

/** One place of the document as an input sees it. */
export function usePlace(path: () => Path) {
  const editing = useEditing()
  const node = computed(() => resolved(editing.nodeOf(path()), editing.schema.value))
  const value = computed({ get: () => editing.get(path()), set: (next: unknown) => editing.set(path(), next) })
  return { ...editing, node, value }
}
