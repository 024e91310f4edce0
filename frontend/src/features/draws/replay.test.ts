import { expect, it } from 'vitest'
import { newSeed } from './draw'
import { lotsOf, replay, sha256 } from './replay'

// The figures of TestTheRecipe: made with coreutils and openssl.
const list =
  'yunhui-draw-1\tdemo\t2026-03-31\t3\n1\tA2026-AAAAAAAA\t2\t2026-03-02T01:02:03.456789Z\n2\tA2026-BBBBBBBB\t1\t2026-03-02T01:02:04.456789Z\n3\tA2026-CCCCCCCC\t2\t2026-03-02T01:03:03.456789Z\n'
const [one, two] = ['01'.repeat(32), 'ef'.repeat(32)]

it('draws as the server and the recipe do', async () => {
  const first = { seed: one, commitment: await sha256(one) }
  const second = { seed: two, commitment: await sha256(two) }
  const digest = await sha256(list)
  const effective = await sha256(one + two + digest)
  expect(digest).toBe('fca36608a37de800219574bb504cafa63383240a4e36331fc2332ace5583e39f')
  expect(effective).toBe('6af9c4802a5cf3f898c98dfd95f33d75cf2c660a96ad8465b3a133ddf4d99060')
  const draw = { list, digest, seeds: [first, second], effective }
  expect(await replay(draw)).toEqual({ digest: true, pledges: true, seed: true, order: [2, 3, 1] })
  expect(await replay({ ...draw, list: list.replace('AAAA', 'AAAB') })).toMatchObject({ digest: false, seed: false })
  expect(await replay({ ...draw, seeds: [second, first] })).toMatchObject({ pledges: true, seed: false })
  expect(await replay({ ...draw, seeds: [{ ...first, seed: 'ff'.repeat(32) }, second] })).toMatchObject({ pledges: false, seed: false })
})

it('takes the pledge of a lost seed', async () => {
  const [first, commitment, digest] = [{ seed: one, commitment: await sha256(one) }, await sha256(two), await sha256(list)]
  const effective = await sha256(one + commitment + digest)
  expect(await replay({ list, digest, seeds: [first, { commitment, lost_reason: 'x' }], effective })).toMatchObject({ pledges: true, seed: true })
})

it('reads the lots and makes seeds of 64 hex digits', () => {
  expect(lotsOf(list)).toEqual([{ number: 1, band: 2 }, { number: 2, band: 1 }, { number: 3, band: 2 }])
  expect(newSeed()).toMatch(/^[0-9a-f]{64}$/)
  expect(newSeed()).not.toBe(newSeed())
})
