import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binary, environment } from './city'

export interface City {
  url: string
  /** Lets time pass: the server's clock then runs ahead of ours by so many hours. */
  wait: (hours: number) => Promise<void>
  close: () => Promise<void>
}

/** A server of its own on a free port, with a fresh copy of the demo city. */
export async function open(): Promise<City> {
  const folder = await mkdtemp(join(tmpdir(), 'yunhui-e2e-'))
  await cp(process.env.E2E_CITY ?? '', folder, { recursive: true })
  const clock = join(folder, 'clock')
  await writeFile(clock, '0h')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const extra = { YUNHUI_LISTEN: `127.0.0.1:${port}`, YUNHUI_PUBLIC_URL: url }
  const server = spawn(binary, ['serve', '--clock-file', clock], { cwd: folder, env: environment(folder, extra), stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  server.stderr.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4000)))
  const ended = new Promise<void>((done) => server.once('exit', () => done()))
  await ready(url, () => (server.exitCode === null ? '' : said))
  return {
    url,
    wait: (hours) => writeFile(clock, `${hours}h`),
    close: async () => {
      server.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function ready(url: string, gone: () => string): Promise<void> {
  const until = Date.now() + 60_000
  while (Date.now() < until) {
    if (gone()) throw new Error(`the server ended: ${gone()}`)
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((again) => setTimeout(again, 200))
  }
  throw new Error('the server did not become ready')
}
