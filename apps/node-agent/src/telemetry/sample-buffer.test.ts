import type { TelemetrySample } from '@clawbernetes/protocol/node/telemetry'
import { expect, it } from 'vitest'
import { Changes } from './changes'
import { SampleBuffer } from './sample-buffer'

const host = {
  cpuPct: null,
  memUsedMib: null,
  diskUsedMib: null,
  netRxBytesPerS: null,
  netTxBytesPerS: null,
  load1: null,
}
const sample = (atMs: number): TelemetrySample => ({ atMs, gpus: [], host, counters: [] })

it('drops the oldest beyond its bound, counts them once, and never renumbers a batch', () => {
  const buffer = new SampleBuffer('boot', 3)
  expect([1, 2, 3, 4, 5].map((atMs) => buffer.add(sample(atMs)))).toEqual([false, false, false, true, true])
  const first = buffer.next()
  expect(first).toMatchObject({ seq: 0, bootId: 'boot', dropped: 2 })
  expect(first?.samples.map((s) => s.atMs)).toEqual([3, 4, 5])
  buffer.add(sample(6))
  expect(buffer.next()).toBe(first)
  if (first) buffer.acknowledge(first)
  expect(buffer.next()).toMatchObject({ seq: 1, dropped: 0, samples: [{ atMs: 6 }] })
})

it('keeps a batch below what the gateway takes, however many GPUs report', () => {
  const gpu = (i: number) => ({
    uuid: `GPU-${i}`.padEnd(80, 'x'),
    utilPct: 1,
    memUtilPct: 1,
    memUsedMib: 1,
    tempC: 1,
    tempMarginC: 1,
    powerW: 1,
    smClockMhz: 1,
    throttleMask: 1,
    readability: 'ok' as const,
  })
  const buffer = new SampleBuffer('boot', 480)
  for (let i = 0; i < 480; i++) buffer.add({ ...sample(i), gpus: Array.from({ length: 32 }, (_, g) => gpu(g)) })
  for (let batch = buffer.next(); batch; batch = buffer.next()) {
    expect(JSON.stringify(batch).length).toBeLessThan(1.5 * 1024 * 1024)
    expect(batch.samples.length).toBeLessThanOrEqual(120)
    buffer.acknowledge(batch)
  }
  expect(buffer.waiting).toBe(0)
})

it('counts the samples of a discarded batch as dropped', () => {
  const buffer = new SampleBuffer('boot', 10)
  buffer.add(sample(1))
  const batch = buffer.next()
  if (batch) buffer.discard(batch)
  buffer.add(sample(2))
  expect(buffer.next()?.dropped).toBe(1)
})

it('says a counter and the process list only when they changed, and again after a loss', () => {
  const changes = new Changes()
  const counter = (value: number) => ({
    uuid: 'GPU-a',
    kind: 'ecc-corrected' as const,
    location: 'total' as const,
    scope: 'volatile' as const,
    value,
  })
  const process = { uuid: 'GPU-a', pid: 1, name: 'p', memUsedMib: null, replicaId: null }
  expect(changes.of([counter(0)], [])).toEqual({ counters: [counter(0)], processes: [] })
  expect(changes.of([counter(0)], [])).toEqual({ counters: [] })
  expect(changes.of([counter(3)], [process])).toEqual({ counters: [counter(3)], processes: [process] })
  // A drop after a driver reload is a change too: the control plane takes it as a reset.
  expect(changes.of([counter(0)], [process])).toEqual({ counters: [counter(0)] })
  changes.forget()
  expect(changes.of([counter(0)], [process])).toEqual({ counters: [counter(0)], processes: [process] })
})
