import { onBeforeUnmount, ref, watch } from 'vue'

export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed'

/**
 * Saves a form by itself, a moment after the last change, one save at a time.
 * `flush` saves what is pending and waits for it; it throws what the save threw.
 */
export function useAutosave(options: { source: () => string; save: () => Promise<void>; delay?: number }) {
  const state = ref<SaveState>('saved')
  const problem = ref<unknown>(null)
  let saved = options.source()
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    clearTimeout(timer)
    while (options.source() !== saved) {
      const sending = options.source()
      state.value = 'saving'
      await options.save()
      saved = sending
    }
    state.value = 'saved'
    problem.value = null
  }

  function flush(): Promise<void> {
    running ??= run()
      .catch((thrown: unknown) => {
        state.value = 'failed'
        problem.value = thrown
        throw thrown
      })
      .finally(() => {
        running = null
      })
    return running
  }

  watch(options.source, (now) => {
    clearTimeout(timer)
    if (now === saved) return
    if (state.value !== 'saving') state.value = 'waiting'
    timer = setTimeout(() => void flush().catch(() => undefined), options.delay ?? 1200)
  })

  // Leaving the page within the moment loses nothing.
  onBeforeUnmount(() => {
    clearTimeout(timer)
    if (options.source() !== saved) void flush().catch(() => undefined)
  })

  return { state, problem, flush }
}
