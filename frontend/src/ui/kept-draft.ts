import { reactive, toRaw, watch } from 'vue'

/**
 * A form that survives a reload in this tab (sessionStorage), so that nothing
 * typed is lost. `without` names entries that are never written down: passwords.
 */
export function useKeptDraft<T extends object>(key: string, fresh: () => T, without: readonly (keyof T)[] = []) {
  const storeKey = `yunhui.draft.${key}`
  const form = reactive({ ...fresh(), ...read<T>(storeKey) }) as T

  watch(form, () => write(), { deep: true })

  function write(): void {
    const kept: Partial<T> = { ...toRaw(form) }
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- names come from the caller's type
    for (const name of without) delete kept[name]
    try {
      sessionStorage.setItem(storeKey, JSON.stringify(kept))
    } catch {
      // A full or forbidden store costs the safety net, not the form.
    }
  }

  function clear(): void {
    Object.assign(form, fresh())
    sessionStorage.removeItem(storeKey)
    // The watcher runs after this and would write the empty form.
    queueMicrotask(() => sessionStorage.removeItem(storeKey))
  }

  return { form, clear }
}

function read<T>(storeKey: string): Partial<T> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(storeKey) ?? '{}')
    return typeof kept === 'object' && kept !== null ? (kept as Partial<T>) : {}
  } catch {
    return {}
  }
}
