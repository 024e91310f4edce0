import type { Role } from '@/api/session'

interface Target {
  name: string
  params?: { id: string }
}

/** The page of each role for the things that notifications speak of. */
const pages: Record<string, Partial<Record<Role, string>> & { otherwise: string }> = {
  agreements: { enterprise: 'agreement', provider: 'provider.agreement', otherwise: 'desk.agreement' },
  claims: { enterprise: 'claim', provider: 'provider.claim', otherwise: 'desk.claim' },
  demands: { enterprise: 'enterprise.need', provider: 'provider.lead', otherwise: '' },
  notices: { otherwise: 'notice' },
  clawbacks: { otherwise: 'clawback' },
}

/**
 * Where a notification leads its reader. The API names the thing ("/claims/…");
 * which page shows it depends on the reader's role. Null: there is no such page.
 */
export function linkFor(link: string, role: Role | '', exists: (name: string) => boolean): Target | null {
  const [, kind = '', id = ''] = link.split('/')
  if (kind === 'organisation') return { name: exists('organisation') ? 'organisation' : 'account' }
  const page = pages[kind]
  if (!page || !id || role === '') return null
  const name = page[role] ?? page.otherwise
  return name && exists(name) ? { name, params: { id } } : null
}
