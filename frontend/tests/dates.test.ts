import { expect, it } from 'vitest'
import { cityToday, formatAgo, formatDay, formatMinute } from '@/ui/format'

it('shows an instant in the time of the city, wherever the reader sits', () => {
  expect(formatMinute('2026-11-22T16:05:00Z', 'zh-CN')).toBe('2026年11月23日 00:05')
  expect(formatMinute('2026-11-22T16:05:00Z', 'en')).toBe('23 Nov 2026, 00:05')
  expect(formatDay('2026-11-22T15:59:59Z', 'zh-CN')).toBe('2026年11月22日')
})

it('keeps a day of the city as that day', () => {
  expect(formatDay('2026-11-23', 'zh-CN')).toBe('2026年11月23日')
  expect(formatDay('2026-11-23', 'en')).toBe('23 Nov 2026')
})

it('shows nothing for what is not a date', () => {
  expect(formatDay('', 'zh-CN')).toBe('')
  expect(formatMinute('soon', 'en')).toBe('')
})

it('tells distances without rounding up', () => {
  const now = new Date('2026-11-23T12:00:00Z')
  expect(formatAgo('2026-11-23T10:01:00Z', 'en', now)).toBe('1 hour ago')
  expect(formatAgo('2026-11-20T12:00:00Z', 'zh-CN', now)).toBe('3天前')
  expect(formatAgo('2026-11-23T14:30:00Z', 'en', now)).toBe('in 2 hours')
})

it('knows the day of the city before the reader’s own day ends', () => {
  expect(cityToday(new Date('2026-11-22T16:00:00Z'))).toBe('2026-11-23')
})
