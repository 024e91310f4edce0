const digits = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** A unified social credit code that computes (GB 32100, GB 11714) and belongs to nobody we know. */
export function creditCode(seed: number): string {
  const organisation = `MA${String(seed % 1_000_000).padStart(6, '0')}`
  const weights = [3, 7, 9, 10, 5, 8, 4, 2]
  const rest = [...organisation].reduce((sum, sign, at) => sum + letters.indexOf(sign) * (weights[at] ?? 0), 0) % 11
  const check = rest === 0 ? '0' : rest === 1 ? 'X' : String(11 - rest)
  const body = `91500107${organisation}${check}`
  const sum = [...body].reduce((all, sign, at) => all + digits.indexOf(sign) * 3 ** at % 31, 0)
  return body + digits[(31 - (sum % 31)) % 31]
}

/** A digital invoice number: 20 digits that begin with the year. */
export const invoiceNumber = (year: string, seed: number) => year.slice(2) + String(seed).padStart(18, '0')

/** A day of the city, so many days from today. */
export function cityDay(ahead = 0): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(Date.now() + ahead * 86_400_000)
}

/** A small lawful PDF. */
export function pdf(text: string): Buffer {
  const parts = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 100] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>',
    `<< /Length ${text.length + 34} >>\nstream\nBT /F 18 Tf 20 40 Td (${text}) Tj ET\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let body = '%PDF-1.4\n'
  const at = parts.map((part, index) => {
    const start = body.length
    body += `${index + 1} 0 obj\n${part}\nendobj\n`
    return start
  })
  const table = at.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('')
  const start = body.length
  return Buffer.from(`${body}xref\n0 6\n0000000000 65535 f \n${table}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`)
}
