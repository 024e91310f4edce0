import { computed, inject, provide, ref, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { Problem, type FieldError } from '@/api/problem'

interface FormContext {
  problem: Ref<unknown>
  /** paths for which an input stands in the form */
  inputs: Map<string, { id: string; label: string }>
}

const key: InjectionKey<FormContext> = Symbol('form problem')

/** The faults of a thrown thing, none for what is not about fields. */
export function faultsOf(problem: unknown): readonly FieldError[] {
  return problem instanceof Problem ? problem.fields : []
}

/** True when a fault at `path` belongs to the input for `input`: itself or anything within it. */
export function covers(input: string, path: string): boolean {
  return path === input || path.startsWith(`${input}.`) || path.startsWith(`${input}[`)
}

/**
 * State of one form. `problem` holds what the last attempt threw; FormErrors and
 * FormField below the component read it. `attempt` runs a submission once at a
 * time and keeps what it throws:
 *
 *   const form = useForm()
 *   const save = () => form.attempt(() => call(api.POST(…)))   // true when it went through
 */
export function useForm() {
  const problem = ref<unknown>(null)
  const busy = ref(false)
  const inputs: FormContext['inputs'] = new Map()
  provide(key, { problem, inputs })

  async function attempt(task: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await task()
      return true
    } catch (thrown) {
      problem.value = thrown
      return false
    } finally {
      busy.value = false
    }
  }

  return { problem, busy, attempt, inputs }
}

/** For FormErrors and FormField only. */
export function useFormContext(): FormContext {
  return inject(key, () => ({ problem: ref(null), inputs: new Map<string, { id: string; label: string }>() }), true)
}

/** The sentences about one input. */
export function useFaults(path: () => string): ComputedRef<string[]> {
  const { problem } = useFormContext()
  return computed(() =>
    faultsOf(problem.value)
      .filter((fault) => covers(path(), fault.path))
      .map((fault) => fault.message),
  )
}
