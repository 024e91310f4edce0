/** Fen as they come from the API; BigInt for sums that may leave 2^53. */
export type Fen = number | bigint

/** "12,345.67" from 1234567, by whole-number arithmetic: money is never divided. */
export function yuan(fen: Fen): string {
  const whole = toBigInt(fen)
  const negative = whole < 0n
  const digits = (negative ? -whole : whole).toString().padStart(3, '0')
  const grouped = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${negative ? '−' : ''}${grouped}.${digits.slice(-2)}`
}

/** "¥12,345.67"; a negative amount reads "−¥12,345.67". */
export function money(fen: Fen): string {
  const plain = yuan(fen)
  return plain.startsWith('−') ? `−¥${plain.slice(1)}` : `¥${plain}`
}

/**
 * Large sums in the words of the language: "¥1.25亿", "¥3,200万", "¥12.5 million".
 * It cuts and never rounds up, for meters and headlines only.
 */
export function shortMoney(fen: Fen, locale: string): string {
  const whole = toBigInt(fen)
  const steps: [bigint, string][] = locale.startsWith('zh')
    ? [[10_000_000_000n, '亿'], [1_000_000n, '万']]
    : [[100_000_000_000n, ' billion'], [100_000_000n, ' million']]
  const size = whole < 0n ? -whole : whole
  const step = steps.find(([unit]) => size >= unit)
  if (!step) return money(fen)
  const hundredths = (size * 100n) / step[0]
  const digits = yuan(hundredths).replace(/\.?0+$/, '')
  return `${whole < 0n ? '−' : ''}¥${digits}${step[1]}`
}

/**
 * Fen from what a person typed: "12345.67", "￥12,345.6", "１２００元". Null when
 * it is not an amount of whole fen between 0 and the limit of the house.
 */
export function parseYuan(typed: string): number | null {
  const plain = typed.normalize('NFKC').replace(/[¥,\s元]/g, '')
  const match = /^(\d{1,14})(?:\.(\d{1,2}))?$/.exec(plain)
  if (!match) return null
  const fen = BigInt(match[1] ?? '0') * 100n + BigInt((match[2] ?? '').padEnd(2, '0'))
  return fen > 1_000_000_000_000_000n ? null : Number(fen)
}

/** "30%", "12.5%" from basis points. */
export function percent(basisPoints: number): string {
  return `${yuan(basisPoints).replace(/\.?0+$/, '')}%`
}

/** Basis points from what a person typed: "12.5", "12.5%", "３０％". Null for what is no rate of whole basis points. */
export function parseRate(typed: string): number | null {
  const match = /^(\d{1,4})(?:\.(\d{1,2}))?%?$/.exec(typed.normalize('NFKC').replace(/\s/g, ''))
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null
}

/**
 * Shares of the whole in tenths of a per cent that add up to exactly 1000 (largest
 * remainder), so that printed percentages never total 99.9. All zero for a zero whole.
 */
export function shares(parts: readonly Fen[]): number[] {
  const values = parts.map(toBigInt)
  const total = values.reduce((sum, value) => sum + value, 0n)
  if (total <= 0n) return parts.map(() => 0)
  const rows = values.map((value, index) => ({
    index,
    floor: Number((value * 1000n) / total),
    rest: (value * 1000n) % total,
  }))
  let left = 1000 - rows.reduce((sum, row) => sum + row.floor, 0)
  const byRest = [...rows].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1))
  for (const row of byRest) {
    if (left === 0) break
    row.floor += 1
    left -= 1
  }
  return rows.map((row) => row.floor)
}

/** "27%" or "16.2%" from tenths of a per cent. */
export function tenths(value: number): string {
  return value % 10 === 0 ? `${value / 10}%` : `${Math.trunc(value / 10)}.${value % 10}%`
}

function toBigInt(fen: Fen): bigint {
  if (typeof fen === 'bigint') return fen
  if (!Number.isSafeInteger(fen)) throw new RangeError(`not a whole number of fen: ${fen}`)
  return BigInt(fen)
}
