import { computed } from 'vue'
import en from 'element-plus/es/locale/lang/en'
import zhCn from 'element-plus/es/locale/lang/zh-cn'
import { i18n } from './i18n'

/** Words of Element's own parts in the language of the page. */
export function useElementLocale() {
  return computed(() => (i18n.global.locale.value === 'en' ? en : zhCn))
}
