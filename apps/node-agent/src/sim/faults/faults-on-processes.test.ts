import { rm } from 'node:fs/promises'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { buildProcessCommand, newKey, nodeOf, SimBench, until } from '../../../test/sim-bench'
import type { Fault } from './fault'

// Real processes on a machine that others use too.
vi.setConfig({ testTimeout: 90_000 })

let build = ''
let processCommand: string[] = []
const open: SimBench[] = []

beforeAll(async () => {
  build = mkdtempSync(join(tmpdir(), 'sim-build-'))
  processCommand = await buildProcessCommand(build)
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()))
})
afterAll(() => rm(build, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

const FULL = ['--method=full', '--sharding=fsdp', '--batch-size=2', '--seq-len=2048']
const LORA = ['--method=lora', '--batch-size=4', '--seq-len=2048']

async function running(flags: string[], gpus = 2) {
  const bench = new SimBench(processCommand, nodeOf('node-01'), 20)
  open.push(bench)
  const key = newKey()
  const spec = bench.training(gpus, flags)
  await bench.start(key, spec)
  await bench.lines(key, /^step=/, 2)
  await until('the load to be seen', () => bench.machine.loads()[0]?.phase === 'compute')
  const on = (kind: Fault['kind'], gpu: number, code: number | null = null): Fault => {
    const fault: Fault = { kind, node: 'node-01', gpu, code, sinceMs: Date.now() }
    bench.machine.faultOn(fault, Date.now())
    bench.runtime.publishWorld(true)
    return fault
  }
  const off = (fault: Fault) => {
    bench.machine.faultOff(fault)
    bench.runtime.publishWorld(true)
  }
  return { bench, key, spec, on, off }
}

test('a hung context: the allocator’s line, CUDA_ERROR_LAUNCH_FAILED, utilisation 0 with memory held, the process alive', async () => {
  const { bench, key, on } = await running(FULL)
  on('hung-context', 0)
  await bench.lines(
    key,
    /torch\.cuda\.OutOfMemoryError: CUDA out of memory\. Tried to allocate 78\.00 GiB\. GPU 0 has a total capacity of/,
  )
  await bench.lines(key, /CUDA_ERROR_LAUNCH_FAILED/)
  await until('the load to hang', () => bench.machine.loads()[0]?.phase === 'hung')
  const gpus = bench.machine.read(Date.now() + 30_000).gpus
  expect(gpus[0]).toMatchObject({ utilPct: 0 })
  expect(gpus[0]?.memUsedMib).toBeGreaterThan(78 * 1024)
  expect(await bench.observed(key)).toMatchObject({ phase: 'ready' })
  await bench.runtime.stop(key, { signal: 'SIGTERM', graceMs: 8000 })
  expect(bench.machine.loads()).toEqual([])
})

test('with gradient checkpointing the same fault does not bite, and activations take less memory', async () => {
  const plain = await running(FULL)
  const plainMib = plain.bench.machine.loads()[0]?.gpuMemoryMib ?? 0
  const { bench, key, on } = await running([...FULL, '--gradient-checkpointing'])
  expect(bench.machine.loads()[0]?.gpuMemoryMib).toBeLessThan(plainMib - 5000)
  on('hung-context', 0)
  await bench.lines(key, /^step=/, 12)
  expect(bench.machine.loads()[0]?.phase).toBe('compute')
})

test('out of memory ends the process with exit code 1', async () => {
  const { bench, key, on } = await running(FULL)
  on('oom', 1)
  expect(await bench.phase(key, 'failed')).toMatchObject({ exitCode: 1, oomKilled: false })
  await bench.lines(key, /torch\.cuda\.OutOfMemoryError/)
})

test('XID 31 ends the process that ran; one started afterwards runs although the fault is still on', async () => {
  const { bench, key, spec, on } = await running(LORA)
  on('xid', 0, 31)
  await bench.phase(key, 'failed')
  await bench.lines(key, /an illegal memory access was encountered/)
  await bench.runtime.remove(key)
  await bench.start(key, spec)
  await bench.lines(key, /^step=/, 2)
})

test('a lost GPU ends its gang, and nothing starts on it until the fault is off', async () => {
  const { bench, key, spec, on, off } = await running(LORA)
  const lost = on('gpu-lost', 1)
  await bench.phase(key, 'failed')
  await bench.runtime.remove(key)
  await expect(bench.start(key, spec)).rejects.toMatchObject({ code: 'gpu-missing' })
  off(lost)
  await bench.start(key, spec)
  await bench.lines(key, /^step=/)
})

test('a throttled GPU slows the whole run', async () => {
  const { bench, key, on } = await running(LORA)
  const perSecond = (text?: string) => Number(/tokens_per_s=(\d+)/.exec(text ?? '')?.[1])
  const [before] = await bench.lines(key, /^step=/)
  on('thermal-throttle', 1)
  // The room heats up in simulated time: this machine lives faster than its processes until it is hot.
  let now = Date.now()
  for (let i = 0; i < 60; i++) bench.machine.tick((now += 1000))
  bench.runtime.publishWorld(true)
  const later = await until('a slower step', async () => {
    const lines = await bench.lines(key, /^step=/)
    const last = lines.at(-1)?.text
    return perSecond(last) < perSecond(before?.text) * 0.8 ? last : null
  })
  expect(perSecond(later)).toBeGreaterThan(0)
})
