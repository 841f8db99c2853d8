import { rm } from 'node:fs/promises'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { buildProcessCommand, newKey, nodeOf, SimBench, until } from '../../test/sim-bench'

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

function bench(node = 'node-01', timeScale = 20): SimBench {
  const made = new SimBench(processCommand, nodeOf(node), timeScale)
  open.push(made)
  return made
}

const LORA = ['--method=lora', '--batch-size=4', '--seq-len=2048', '--epochs=3']
const gone = (pid: number) => {
  try {
    process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true
  }
}

describe('a training run', () => {
  test('is a real process that logs steps with falling loss, and its GPUs are busy', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(4, LORA))
    const ready = await b.phase(key, 'ready')
    expect(ready).toMatchObject({ gpuVerified: true, exitCode: null })
    const lines = await b.lines(key, /^step=/, 4)
    const loss = lines.map((line) => Number(/loss=([\d.]+)/.exec(line.text)?.[1]))
    expect(loss.at(-1)).toBeLessThan(loss[0] ?? 0)
    expect(lines[0]?.text).toMatch(
      /^step=\d+ epoch=[\d.]+ loss=\d\.\d{4} lr=\d\.\d\de-\d\d? grad_norm=\d\.\d\d tokens_per_s=\d+$/,
    )
    const reading = b.machine.read(Date.now() + 60_000)
    for (const gpu of reading.gpus) {
      expect(gpu.utilPct).toBeGreaterThan(75)
      expect(gpu.memUsedMib).toBeGreaterThan(20_000)
    }
    expect(reading.processes.map((p) => p.replicaId)).toEqual(Array(4).fill(key.replicaId))
    expect(gone(await b.pid(key))).toBe(false)
  })

  test('ends with its GPUs idle when its process is killed, and goes on from its newest checkpoint', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(4, [...LORA, '--save-steps=20']))
    await b.lines(key, /^saved checkpoint-/, 2)
    const pid = await b.pid(key)
    process.kill(pid, 'SIGKILL')
    expect(await b.phase(key, 'failed')).toMatchObject({ exitCode: 137, signal: 'SIGKILL', oomKilled: false })
    const idle = b.machine.read(Date.now() + 60_000)
    expect(idle.gpus.map((gpu) => gpu.utilPct)).toEqual([0, 0, 0, 0])
    expect(Math.max(...idle.gpus.map((gpu) => gpu.memUsedMib ?? -1))).toBeLessThan(10)
    const newest = Math.max(...b.checkpoints().map((name) => b.checkpointStep(name)))

    await b.runtime.remove(key)
    await b.start(key, b.training(4, [...LORA, '--save-steps=20']))
    const [resumed] = await b.lines(key, /^resuming from/)
    expect(resumed?.text).toBe(`resuming from checkpoint-${newest} (step ${newest})`)
    const [step] = await b.lines(key, /^step=/)
    expect(Number(/^step=(\d+)/.exec(step?.text ?? '')?.[1])).toBeGreaterThan(newest)
  })

  test('writes a checkpoint when asked by signal, and keeps only the last three', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(4, LORA))
    for (let i = 1; i <= 5; i++) {
      await b.lines(key, /^step=/, i * 2)
      await b.runtime.signal(key, 'SIGUSR1')
      await b.lines(key, /^saved checkpoint-/, i)
    }
    expect(b.checkpoints()).toHaveLength(3)
  })

  test('saves and leaves when it is stopped', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(2, LORA))
    await b.lines(key, /^step=/)
    const pid = await b.pid(key)
    await b.runtime.stop(key, { signal: 'SIGTERM', graceMs: 5000 })
    expect(await b.observed(key)).toMatchObject({ phase: 'exited', exitCode: 143, reason: { code: 'stopped' } })
    expect(b.checkpoints()).toHaveLength(1)
    expect(gone(pid)).toBe(true)
  })

  test('ends by itself with 0 and a last checkpoint', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(4, [...LORA, '--max-steps=30']))
    expect(await b.phase(key, 'exited')).toMatchObject({ exitCode: 0, signal: null })
    expect(b.checkpoints()).toEqual(['checkpoint-30'])
    await b.lines(key, /^training finished: 30 steps/)
  })

  test('a full fine-tune of eight billion parameters without sharding does not fit and says so', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(4, ['--method=full', '--sharding=none']))
    expect(await b.phase(key, 'failed')).toMatchObject({ exitCode: 1, oomKilled: false })
    await b.lines(
      key,
      /torch\.cuda\.OutOfMemoryError: CUDA out of memory\. Tried to allocate [\d.]+ GiB\. GPU 0 has a total capacity of/,
    )
  })

  test('more processes than GPUs, or data that is not there, end it with the usual words', async () => {
    const b = bench()
    const [crowded, lost] = [newKey(), newKey()]
    const command = ['torchrun', '--nproc-per-node=4', 'train.py', '--model=x-1b', '--data=/data/training']
    await b.start(crowded, b.spec(command, { gpuUuids: b.machine.gpus.slice(0, 2).map((gpu) => gpu.uuid) }))
    await b.lines(crowded, /invalid device ordinal/)
    await b.start(lost, b.training(2, ['--data=/data/nowhere']))
    await b.lines(lost, /FileNotFoundError.*\/data\/nowhere/)
    expect((await b.phase(lost, 'failed')).exitCode).toBe(1)
  })
})

describe('life cycle', () => {
  test('a process outlives the agent and is found again, with its output from the cursor on', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(2, LORA))
    const seen = await b.lines(key, /^step=/, 2)
    const pid = await b.pid(key)
    b.restart()
    expect(await b.phase(key, 'ready')).toMatchObject({ startedAtMs: expect.any(Number) })
    expect(await b.pid(key)).toBe(pid)
    const cursor = seen.at(-1)?.atMs ?? 0
    const later = await b.lines(key, /^step=/, 2, cursor)
    expect(later.every((line) => line.atMs > cursor)).toBe(true)
    await b.start(key, b.training(2, LORA))
    expect(await b.pid(key)).toBe(pid)
    await b.runtime.stop(key, { signal: 'SIGTERM', graceMs: 5000 })
    expect(gone(pid)).toBe(true)
  })

  test('one that died while nobody watched is told as killed', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(2, LORA))
    await b.lines(key, /^step=/)
    const pid = await b.pid(key)
    b.runtime.release()
    process.kill(pid, 'SIGKILL')
    await until('the process to be gone', () => gone(pid))
    b.restart()
    expect(await b.observed(key)).toMatchObject({ phase: 'failed', exitCode: 137 })
  })

  test('a machine that sleeps goes on where it was', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(2, LORA))
    await b.lines(key, /^step=/, 2)
    const pid = await b.pid(key)
    await b.runtime.suspend()
    expect(gone(pid)).toBe(true)
    b.restart()
    await b.phase(key, 'ready')
    expect(await b.pid(key)).not.toBe(pid)
    await b.lines(key, /^resuming from checkpoint-/)
  })

  test('processes of a machine that was killed and forgotten end by themselves, and go on when it is back', async () => {
    const b = new SimBench(processCommand, nodeOf('node-01'), 20, 30, 800)
    open.push(b)
    const key = newKey()
    await b.start(key, b.training(2, LORA))
    await b.lines(key, /^step=/, 2)
    const pid = await b.pid(key)
    b.runtime.release()
    await until('the process to give up', () => gone(pid))
    b.restart()
    await b.lines(key, /^resuming from checkpoint-/)
    expect(await b.observed(key)).toMatchObject({ phase: 'ready' })
  })

  test('a machine that lost its power tells after its boot what happened', async () => {
    const b = bench()
    const key = newKey()
    await b.start(key, b.training(2, LORA))
    await b.lines(key, /^step=/)
    const pid = await b.pid(key)
    b.runtime.powerOff()
    await until('the process to be gone', () => gone(pid))
    b.runtime.open(true)
    expect(await b.observed(key)).toMatchObject({
      phase: 'failed',
      exitCode: null,
      reason: { code: 'machine-restarted' },
    })
  })

  test('a start of what has ended does not run it again', async () => {
    const b = bench()
    const key = newKey('hello')
    const spec = b.spec(['echo', 'hello', 'there'])
    await b.start(key, spec)
    await b.phase(key, 'exited')
    await b.lines(key, /^hello there$/)
    b.changes.length = 0
    await b.start(key, spec)
    expect(b.changes.map((change) => change.phase)).toEqual(['exited'])
    await b.runtime.remove(key)
    expect(await b.runtime.list()).toEqual([])
  })

  test('tiny commands are done by the machine’s own programs, found again and stopped like any other', async () => {
    const b = bench('node-01', 1)
    const [long, yes, no] = [newKey('sleeper'), newKey('yes'), newKey('no')]
    const gpuUuids = b.machine.gpus.slice(0, 1).map((gpu) => gpu.uuid)
    await b.start(long, b.spec(['sleep', 'infinity'], { gpuUuids }))
    expect(await b.phase(long, 'ready')).toMatchObject({ gpuVerified: true })
    await b.start(yes, b.spec(['/bin/true']))
    await b.start(no, b.spec(['false']))
    expect(await b.phase(yes, 'exited')).toMatchObject({ exitCode: 0 })
    expect(await b.phase(no, 'failed')).toMatchObject({ exitCode: 1 })
    b.restart()
    expect(await b.phase(long, 'ready')).toMatchObject({ exitCode: null })
    expect(await b.observed(yes)).toMatchObject({ phase: 'exited', exitCode: 0 })
    await b.runtime.stop(long, { signal: 'SIGTERM', graceMs: 5000 })
    expect(await b.observed(long)).toMatchObject({ phase: 'exited', reason: { code: 'stopped' } })
  })

  test('an unknown image is pulled first, a known one is not', async () => {
    const b = bench()
    const [first, second] = [newKey('one'), newKey('two')]
    await b.start(first, b.spec(['true'], { image: 'example/other:1' }))
    await b.phase(first, 'exited')
    expect(b.changes.some((change) => change.phase === 'pulling')).toBe(true)
    b.changes.length = 0
    await b.start(second, b.spec(['false'], { image: 'example/other:1' }))
    expect(await b.phase(second, 'failed')).toMatchObject({ exitCode: 1, reason: { code: 'exit-code' } })
    expect(b.changes.some((change) => change.phase === 'pulling')).toBe(false)
  })

  test('followers hear the end', async () => {
    const b = bench()
    const key = newKey('two-lines')
    await b.start(key, b.spec(['echo', 'last words']))
    const heard: string[] = []
    await new Promise<void>((resolve) => b.runtime.logs(key, null, (line) => heard.push(line.text), resolve))
    expect(heard).toEqual(['last words'])
  })

  test.each([
    ['a GPU that is not here', { gpuUuids: ['GPU-nowhere'] }, 'gpu-missing'],
    ['no image', { image: null }, 'image-missing'],
    ['no command', { command: [] }, 'command-missing'],
    [
      'a folder that is not there',
      { mounts: [{ hostPath: '/nonexistent/x', containerPath: '/x', readOnly: true }] },
      'mount-missing',
    ],
  ])('refuses %s', async (_, change, code) => {
    const b = bench()
    await expect(b.start(newKey(), b.spec(['true'], change))).rejects.toMatchObject({ code })
    expect(await b.runtime.list()).toEqual([])
  })
})

test('a job that needs more memory than its machine has is killed by the kernel, and told as out of memory', async () => {
  const b = bench('node-05')
  const events: string[] = []
  b.machine.onEvent((event) => events.push(`${event.kind} ${event.line}`))
  const key = newKey('process-data')
  await b.start(key, b.spec(['python', 'process.py'], { env: { CLAWBERNETES_SIM_RAM_GIB: '32' }, mounts: [] }))
  expect(await b.phase(key, 'failed')).toMatchObject({ exitCode: 137, oomKilled: true, reason: { code: 'oom' } })
  expect(events).toEqual([expect.stringMatching(/^oom-kill Out of memory: Killed process \d+ \(python3\)/)])
})
