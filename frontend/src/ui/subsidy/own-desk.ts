import { useRoute, useRouter } from 'vue-router'
import { useSession } from '@/api/session'
import type { Kind } from './story'

/**
 * Messages link to /claims/… and /agreements/… for everybody; whoever has a desk
 * of their own is led to it. True when the reader goes on there.
 */
export function useOwnDesk(kind: Kind): boolean {
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  if (session.is('enterprise')) return false
  const name = `${session.is('provider') ? 'provider' : 'desk'}.${kind}`
  if (!router.hasRoute(name)) return false
  void router.replace({ name, params: { id: route.params.id } })
  return true
}
