import { useI18n } from 'vue-i18n'
import type { components } from '@/api/schema'
import { useTongue } from './subsidy/tongue'

type Item = components['schemas']['Item']

/**
 * The sentence of a notification. Needs the message room "subsidy". Kinds are
 * "claim.returned": what it is about and the state it came to.
 */
export function useNotificationWords() {
  const { t, te } = useI18n()
  const { say } = useTongue()

  return (item: Item): string => {
    const [about = '', state = ''] = item.kind.split('.')
    const { number = '', title = '', name = '', offer_zh = '', offer_en = '' } = item.params
    const stateKey = `subsidy.${about}State.${state}`
    if (te(stateKey)) return t(`ui.notification.${about}`, { number, offer: say(offer_zh, offer_en), state: t(stateKey) })
    const sentence = `ui.notification.${about}_${state}`
    return te(sentence) ? t(sentence, { title, name, number }) : t('ui.notification.other', { title: title || name || number })
  }
}
