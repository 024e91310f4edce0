import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { asProblem } from '@/api/problem'
import { useAutosave } from '@/ui/autosave'
import { drafts } from './calls'
import { keptWork } from './kept-work'
import { isObject, type Json } from './path'
import type { Check, DraftView } from './types'

const plain = (value: unknown): Json => (isObject(value) ? (JSON.parse(JSON.stringify(value)) as Json) : {})

/** Two versions of one draft that cannot both be it: what stands on the server, and what was typed here. */
export interface Conflict {
  theirs: DraftView
  mine: Json
}

/**
 * A draft under the hands of one person: saved by itself, checked while it is typed,
 * and kept in this browser until the server has it. `who` parts the people who share
 * a machine.
 */
export function useDraft(first: DraftView, who: string) {
  const view = shallowRef(first)
  const kept = keptWork(`${who}.${first.id}`)
  const left = first.can.edit ? kept.read() : null
  const document = ref<Json>(plain(first.document))
  const conflict = shallowRef<Conflict>()
  const restored = ref(false)
  const live = shallowRef<Check>(first.check)
  const checkFailed = ref(false)
  const source = () => JSON.stringify(document.value)
  const stored = source()
  const differs = left !== null && JSON.stringify(left.document) !== stored
  if (differs && left.rev !== first.rev) conflict.value = { theirs: first, mine: left.document }

  async function save(): Promise<void> {
    if (conflict.value) return
    try {
      take(await drafts.save(first.id, view.value.rev, plain(document.value)))
    } catch (thrown) {
      if (asProblem(thrown).status === 409) conflict.value = { theirs: await drafts.get(first.id), mine: plain(document.value) }
      throw thrown
    }
  }

  function take(next: DraftView): void {
    view.value = next
    live.value = next.check
  }

  const saving = useAutosave({ source, save })
  if (differs && left.rev === first.rev) {
    document.value = left.document
    restored.value = true
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  async function look(): Promise<void> {
    const mine = ++asked
    try {
      const found = await drafts.check(plain(document.value))
      if (mine === asked) live.value = found
      checkFailed.value = false
    } catch {
      checkFailed.value = true
    }
  }

  watch(source, () => {
    kept.write(view.value.rev, document.value)
    clearTimeout(timer)
    timer = setTimeout(() => void look(), 500)
  })
  watch(saving.state, (state) => {
    if (state === 'saved' && !conflict.value) kept.drop()
  })
  onBeforeUnmount(() => clearTimeout(timer))

  /** Ends a conflict: one version becomes the draft, the other a draft of its own, whose id is returned. */
  async function settle(whose: 'mine' | 'theirs'): Promise<string> {
    const both = conflict.value
    if (!both) return ''
    const other = await drafts.make({ document: whose === 'mine' ? plain(both.theirs.document) : both.mine })
    take(both.theirs)
    conflict.value = undefined
    document.value = whose === 'mine' ? both.mine : plain(both.theirs.document)
    await saving.flush()
    kept.drop()
    return other.id
  }

  /** After an act or an import: what the server now has is the draft. */
  function renew(next: DraftView): void {
    take(next)
    document.value = plain(next.document)
  }

  return { view, document, live, checkFailed, conflict, restored, saving, settle, renew, pending: computed(() => saving.state.value !== 'saved') }
}
