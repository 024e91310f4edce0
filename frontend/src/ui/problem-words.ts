import { asProblem } from '@/api/problem'

/** Key of the sentence for a failure on which the API itself said nothing. */
function fallback(status: number, code: string): string {
  if (code === 'network' || status === 0) return 'ui.problem.network'
  if (status === 401) return 'ui.problem.unauthenticated'
  if (status === 403) return 'ui.problem.forbidden'
  if (status === 404) return 'ui.problem.notFound'
  if (status === 413) return 'ui.problem.tooLarge'
  if (status === 429) return 'ui.problem.throttled'
  return 'ui.problem.server'
}

/** The sentence to show for anything that was thrown. */
export function problemText(thrown: unknown, t: (key: string) => string): string {
  const problem = asProblem(thrown)
  return problem.message || t(fallback(problem.status, problem.code))
}
