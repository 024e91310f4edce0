import { mount } from '@vue/test-utils'
import { createI18n } from 'vue-i18n'
import { expect, it } from 'vitest'
import zhUi from '@/locales/zh-CN/ui'
import { legsOf, type Legs } from '@/ui/legs'
import ThreeLegs from '@/ui/ThreeLegs.vue'

const legs: Legs = {
  list_price_fen: 12_000_000,
  provider_discount_fen: 1_200_000,
  government_subsidy_fen: 3_240_000,
  municipal_fen: 1_944_000,
  district_fen: 1_296_000,
  enterprise_share_fen: 7_560_000,
}
const i18n = createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': { ui: zhUi } } })
const show = (props: { legs: Legs; compact?: boolean }) => mount(ThreeLegs, { props, global: { plugins: [i18n] } })

it('shares of the three legs make the whole', () => {
  expect(legsOf(legs).map((leg) => leg.share)).toEqual([100, 270, 630])
})

it('says every figure in words, and hides the bar from readers', () => {
  const picture = show({ legs })
  expect(picture.get('.legs__bar').attributes('aria-hidden')).toBe('true')
  const figures = picture.get('dl').text()
  for (const text of ['服务商优惠', '¥12,000.00', '政府补贴', '¥32,400.00', '市级', '¥19,440.00', '区县', '¥12,960.00', '企业自付', '¥75,600.00']) {
    expect(figures).toContain(text)
  }
  expect(picture.get('figcaption').text()).toContain('¥120,000.00')
})

it('draws nothing for a leg of nothing, but still names it', () => {
  const picture = show({ legs: { ...legs, provider_discount_fen: 0, list_price_fen: 10_800_000 } })
  expect(picture.findAll('.legs__part')).toHaveLength(2)
  expect(picture.get('dl').text()).toContain('¥0.00')
})
