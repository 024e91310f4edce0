import 'vue-router'
import type { Role } from '@/api/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** key of the page's title */
    title?: string
    /** message rooms (files under locales/<language>/) the page needs */
    rooms?: readonly string[]
    /** who may open it; left out: everyone */
    roles?: readonly Role[]
  }
}
