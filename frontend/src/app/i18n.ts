import { createI18n } from 'vue-i18n'
import { speak } from '@/api/transport'

export const LOCALES = ['zh-CN', 'en'] as const
export type AppLocale = (typeof LOCALES)[number]

type Messages = Record<string, unknown>
type LocaleFile = () => Promise<{ default: Messages }>

const files = import.meta.glob<{ default: Messages }>('../locales/*/*.ts') as Record<string, LocaleFile>
const storeKey = 'yunhui.locale'

/** Messages every page needs; the others come with the routes that name them. */
const wanted = new Set(['ui', 'shell', 'words'])
const loaded = new Set<string>()

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: false,
  messages: { 'zh-CN': {}, en: {} },
  missingWarn: import.meta.env.DEV,
})

export function currentLocale(): AppLocale {
  return i18n.global.locale.value
}

async function load(locale: AppLocale, room: string): Promise<void> {
  const key = `${locale}/${room}`
  const file = files[`../locales/${key}.ts`]
  if (loaded.has(key) || !file) return
  const messages = (await file()).default
  i18n.global.mergeLocaleMessage(locale, { [room]: messages })
  loaded.add(key)
}

/** Makes the messages of rooms ready in the language now spoken. */
export async function needRooms(rooms: readonly string[]): Promise<void> {
  for (const room of rooms) wanted.add(room)
  await Promise.all([...wanted].map((room) => load(currentLocale(), room)))
}

/** Changes the language of the page, of the API's answers and of later visits. */
export async function setLocale(locale: AppLocale): Promise<void> {
  await Promise.all([...wanted].map((room) => load(locale, room)))
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
  localStorage.setItem(storeKey, locale)
  speak(locale)
}

/** The language of an earlier visit; Chinese for a first one. */
export function preferredLocale(): AppLocale {
  return localStorage.getItem(storeKey) === 'en' ? 'en' : 'zh-CN'
}
