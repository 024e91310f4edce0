import { isObject, type Json } from './path'

interface Kept {
  rev: number
  document: Json
}

/** What has been typed and not yet reached the server, kept in this browser across crashes and lost sessions. */
export function keptWork(name: string) {
  const key = `yunhui.authoring.${name}`
  return {
    read(): Kept | null {
      try {
        const found: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
        return isObject(found) && typeof found.rev === 'number' && isObject(found.document) ? { rev: found.rev, document: found.document } : null
      } catch {
        return null
      }
    },
    write(rev: number, document: Json): void {
      try {
        localStorage.setItem(key, JSON.stringify({ rev, document }))
      } catch {
        // A full or forbidden store costs the safety net, not the draft.
      }
    },
    drop(): void {
      try {
        localStorage.removeItem(key)
      } catch {
        // the same
      }
    },
  }
}
