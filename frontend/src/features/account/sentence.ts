import { money } from '@/ui/format'

/** What the sentence of a notification names, in the reader's language. */
export function wordsOf(params: Record<string, string>, say: (zh: string, en: string) => string) {
  return {
    number: params.number ?? '',
    offer: say(params.offer_zh ?? '', params.offer_en ?? ''),
    amount: amountOf(params.amount_fen),
    title: params.title ?? '',
    name: params.name ?? '',
    reason: params.reason ?? '',
    place: params.place ?? '',
  }
}

function amountOf(fen: string | undefined): string {
  return fen !== undefined && /^-?\d{1,15}$/.test(fen) ? money(Number(fen)) : ''
}
