/** Everything is shown in the time of the city, wherever the reader sits. */
export const CITY_ZONE = 'Asia/Shanghai'

const dayOnly = /^\d{4}-\d{2}-\d{2}$/
const cache = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: string, kind: 'day' | 'minute'): Intl.DateTimeFormat {
  const key = `${locale} ${kind}`
  let found = cache.get(key)
  if (!found) {
    const chinese = locale.startsWith('zh')
    found = new Intl.DateTimeFormat(chinese ? 'zh-CN' : 'en-GB', {
      timeZone: CITY_ZONE,
      year: 'numeric',
      month: chinese ? 'long' : 'short',
      day: 'numeric',
      ...(kind === 'minute' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : {}),
    })
    cache.set(key, found)
  }
  return found
}

/** An instant (RFC 3339) or a day of the city ("2026-11-23") as a Date, or null. */
export function parseMoment(value: string): Date | null {
  const moment = new Date(dayOnly.test(value) ? `${value}T00:00:00+08:00` : value)
  return Number.isNaN(moment.getTime()) ? null : moment
}

/** "2026年11月23日", "23 Nov 2026". Empty for what is not a date. */
export function formatDay(value: string, locale: string): string {
  const moment = parseMoment(value)
  return moment ? formatter(locale, 'day').format(moment) : ''
}

/** "2026年11月23日 07:05", "23 Nov 2026, 07:05", in the time of the city. */
export function formatMinute(value: string, locale: string): string {
  const moment = parseMoment(value)
  return moment ? formatter(locale, 'minute').format(moment) : ''
}

/** "3天前", "in 2 hours": the largest unit that fits, cut and not rounded. */
export function formatAgo(value: string, locale: string, now: Date): string {
  const moment = parseMoment(value)
  if (!moment) return ''
  const seconds = Math.trunc((moment.getTime() - now.getTime()) / 1000)
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_536_000],
    ['month', 2_592_000],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ]
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const unit = units.find(([, size]) => Math.abs(seconds) >= size)
  return unit ? words.format(Math.trunc(seconds / unit[1]), unit[0]) : words.format(0, 'second')
}

/** Today in the city, "2026-11-23". */
export function cityToday(now: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: CITY_ZONE }).format(now)
}
