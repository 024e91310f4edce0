import { useI18n } from 'vue-i18n'
import type { Text } from './types'

interface Named {
  name: string
  name_en?: string
}

/** Chooses among words that the API carries in both languages. */
export function useTongue() {
  const { locale } = useI18n()
  /** Falls back to the other language rather than to nothing. */
  const say = (zh: string, en: string) => (locale.value === 'en' ? en || zh : zh || en)
  return {
    say,
    pick: (text: Text | undefined) => (text ? say(text.zh, text.en) : ''),
    nameOf: (party: Named | undefined) => (party ? say(party.name, party.name_en ?? '') : ''),
  }
}
