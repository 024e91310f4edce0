import type { Ground } from '@/ui/clawbacks/clawback'
import { money, percent } from '@/ui/format'

/** What may be fined besides an amount, in words: the range in yuan, or in percent while there is no amount. Null: nothing. */
export function fineOf(ground: Ground | undefined, amount: number): { least: string; most: string } | null {
  const range = ground?.fine?.at(-1)
  if (!range) return null
  if (amount <= 0) return { least: percent(range.least_bp), most: percent(range.most_bp) }
  const whole = BigInt(amount)
  return {
    least: money(Number((whole * BigInt(range.least_bp) + 9_999n) / 10_000n)), // never below the least
    most: money(Number((whole * BigInt(range.most_bp)) / 10_000n)),
  }
}
