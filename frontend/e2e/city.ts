import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** The binary under test; it must hold the built site. */
export const binary = resolve(process.env.YUNHUI_BIN ?? join(import.meta.dirname, '../../bin/yunhui'))

export const environment = (folder: string, extra: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  HOME: folder,
  YUNHUI_DEMO: 'true',
  YUNHUI_DATA: folder,
  YUNHUI_DATABASE: `sqlite://${join(folder, 'yunhui.db')}`,
  ...extra,
})

/** Builds the demo city once; every story gets a copy of it. */
export default async function build(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'yunhui-e2e-'))
  await promisify(execFile)(binary, ['demo'], { cwd: folder, env: environment(folder), timeout: 180_000 })
  process.env.E2E_CITY = folder
  return () => rm(folder, { recursive: true, force: true })
}
