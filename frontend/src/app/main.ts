import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { useSession } from '@/api/session'
import '@/ui/theme/index.css'
import App from './App.vue'
import { i18n, preferredLocale, setLocale } from './i18n'
import { queryClient } from './queries'
import { router } from './router'

const app = createApp(App)
app.use(createPinia())
app.use(i18n)
app.use(VueQueryPlugin, { queryClient })

// Public pages do not wait for the session; pages with roles do, in the router.
void useSession().resume()

setLocale(preferredLocale())
  .then(() => {
    app.use(router)
    return router.isReady()
  })
  .finally(() => app.mount('#app'))
