import { expect, test } from 'vitest'
import { whenReachable } from './when-reachable'

const missing = () => Object.assign(new Error('Failed to load chunk'), { name: 'ChunkLoadError' })
const failing = (times: number, error: () => Error) => {
  const load = { calls: 0, run: () => (load.calls++ < times ? Promise.reject(error()) : Promise.resolve('part')) }
  return load
}
const atOnce = () => Promise.resolve()

test('a part that did not arrive is asked for again when that is worth a try', async () => {
  const load = failing(2, missing)
  await expect(whenReachable(load.run, atOnce)()).resolves.toBe('part')
  expect(load.calls).toBe(3)
})

test('a part that is gone is given up, and a part that breaks is not asked for twice', async () => {
  const gone = failing(99, missing)
  await expect(whenReachable(gone.run, atOnce)()).rejects.toThrow('Failed to load chunk')
  expect(gone.calls).toBe(5)
  const broken = failing(99, () => new TypeError('x is not a function'))
  await expect(whenReachable(broken.run, atOnce)()).rejects.toThrow('x is not a function')
  expect(broken.calls).toBe(1)
})
