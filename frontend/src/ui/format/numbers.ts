/** "12,345" */
export function count(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value)
}

/** "1.2 MB" for sizes of files. */
export function fileSize(bytes: number, locale: string): string {
  const [value, unit] = bytes < 1_048_576 ? [bytes / 1024, 'KB'] : [bytes / 1_048_576, 'MB']
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value)} ${unit}`
}
