import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

type Tree = Record<string, unknown>
const files = import.meta.glob<{ default: Tree }>('../src/locales/*/*.ts', { eager: true })
const source = join(import.meta.dirname, '../src')

function leaves(tree: Tree, path: string): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}.${key}`, value] as [string, string]] : leaves(value as Tree, `${path}.${key}`),
  )
}

function messages(locale: string): Map<string, string> {
  const rooms = Object.entries(files).filter(([path]) => path.includes(`/locales/${locale}/`))
  return new Map(rooms.flatMap(([path, file]) => leaves(file.default, path.replace(/^.*\/(.+)\.ts$/, '$1'))))
}

const zh = messages('zh-CN')
const en = messages('en')
const slots = (text: string | undefined) => [...new Set((text ?? '').match(/\{\w+\}/g))].sort()

describe('the two languages', () => {
  it('have the same keys', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort())
  })

  it('leave nothing empty and fill in the same things', () => {
    for (const [key, text] of zh) {
      expect(text.trim(), key).not.toBe('')
      expect(en.get(key)?.trim(), key).not.toBe('')
      expect(slots(en.get(key)), key).toEqual(slots(text))
    }
  })

  it('do not slip into each other', () => {
    for (const [key, text] of en) expect(text, key).not.toMatch(/[\u4e00-\u9fff]/)
  })

  it('hold no sign that the message format would read as syntax', () => {
    for (const [key, text] of [...zh, ...en]) expect(text, key).not.toMatch(/[|@]/)
  })
})

describe('the pages', () => {
  const paths = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(vue|ts)$/.test(path))
  const code = paths
    .filter((path) => !path.startsWith('locales'))
    .map((path) => ({ path, text: readFileSync(join(source, path), 'utf8') }))

  it('use only keys that exist', () => {
    const rooms = new Set([...zh.keys()].map((key) => key.split('.')[0]))
    for (const { path, text } of code) {
      for (const [, key = ''] of text.matchAll(/\bt\(\s*'([\w.-]+)'/g)) expect(zh.has(key), `${path}: ${key}`).toBe(true)
      for (const [, key = ''] of text.matchAll(/\bt\(\s*`([\w.]+)\$\{/g)) {
        const known = [...zh.keys()].some((candidate) => candidate.startsWith(key))
        expect(known && rooms.has(key.split('.')[0]), `${path}: ${key}`).toBe(true)
      }
      for (const [, key = ''] of text.matchAll(/\btitle: '([\w-]+\.[\w.-]+)'/g)) expect(zh.has(key), `${path}: ${key}`).toBe(true)
    }
  })

  it('hold no Chinese of their own in templates', () => {
    const brand = /云惠|中文/g
    for (const { path, text } of code.filter((file) => file.path.endsWith('.vue'))) {
      const template = /<template>[\s\S]*<\/template>/.exec(text)?.[0] ?? ''
      expect(template.replace(/<!--[\s\S]*?-->/g, '').replace(brand, ''), path).not.toMatch(/[\u4e00-\u9fff]/)
    }
  })
})
