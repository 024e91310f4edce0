// Weighs what a visitor's first look at the public catalogue downloads in script:
// the entry, the page's own chunk, the messages of its rooms, and all they import
// at once. Fails above the limit. Run after `npm run build`.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const limit = 200 * 1024
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))

const roots = [
  'index.html',
  'src/features/services/ServicesPage.vue',
  ...['ui', 'shell', 'words', 'services'].map((room) => `src/locales/zh-CN/${room}.ts`),
]

const chunks = new Set()
function take(key) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`no chunk for ${key}: was the page moved, or the site not built?`)
  if (chunks.has(chunk.file)) return
  chunks.add(chunk.file)
  for (const next of chunk.imports ?? []) take(next)
}
for (const root of roots) take(root)

const rows = [...chunks]
  .filter((file) => file.endsWith('.js'))
  .map((file) => ({ file, bytes: gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length }))
  .sort((a, b) => b.bytes - a.bytes)
const total = rows.reduce((sum, row) => sum + row.bytes, 0)
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`

for (const row of rows) console.log(`${kib(row.bytes).padStart(10)}  ${row.file}`)
console.log(`${kib(total).padStart(10)}  first load of /services, gzipped (limit ${kib(limit)})`)
if (total > limit) process.exit(1)
