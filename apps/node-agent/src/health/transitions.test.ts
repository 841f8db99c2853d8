import { expect, it } from 'vitest'
import { GPU_A, gpuSample } from '../../test/fake-machine'
import { HealthTransitions } from './transitions'

const run = (masks: (number | null)[]) => {
  const transitions = new HealthTransitions()
  return masks.flatMap((throttleMask, i) =>
    transitions.of([gpuSample(GPU_A, { throttleMask })], i).map((e) => [i, e.kind, e.code, e.atMs]),
  )
}

it('takes a power cap as normal and a flash as nothing', () => {
  expect(run([0x4, 0x4, 0x5, 0x8, 0x4, 0x8, 0])).toEqual([])
})

it('begins with the second reading and dates from the first', () => {
  expect(run([0, 0x40, 0x40, 0x40, 0, 0])).toEqual([
    [2, 'throttle-start', 0x40, 1],
    [5, 'throttle-end', 0x40, 4],
  ])
})

it('keeps the verdict while the driver does not say', () => {
  expect(run([0x40, 0x40, null, null, 0x40])).toEqual([[1, 'throttle-start', 0x40, 0]])
})

it('says it when one kind of trouble turns into another', () => {
  expect(run([0x40, 0x40, 0x80, 0x80]).map(([, kind, code]) => [kind, code])).toEqual([
    ['throttle-start', 0x40],
    ['throttle-end', 0x40],
    ['throttle-start', 0x80],
  ])
})

it('says once that a GPU is lost, unreadable or back', () => {
  const transitions = new HealthTransitions()
  const kinds = (['ok', 'unreadable', 'unreadable', 'lost', 'requires-reset', 'ok'] as const).flatMap(
    (readability, i) => transitions.of([gpuSample(GPU_A, { readability })], i).map((e) => e.kind),
  )
  expect(kinds).toEqual(['gpu-unreadable', 'gpu-lost', 'gpu-unreadable', 'gpu-recovered'])
})
