import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GPU_A, GPU_B, gpuSample } from './fake-machine'
import { assignment, Rig, TICKER } from './rig'
import { waitFor } from './wait-for'

let rig: Rig
beforeEach(() => {
  rig = new Rig()
})
afterEach(() => rig.close())

const counter = (value: number) => ({
  uuid: GPU_A,
  kind: 'ecc-corrected' as const,
  location: 'total' as const,
  scope: 'volatile' as const,
  value,
})
const samples = () => rig.gateway.telemetry.flatMap((batch) => batch.samples)

describe('telemetry', () => {
  it('comes at the interval that the gateway asks for, in numbered batches, with counters only when they change', async () => {
    rig.machine.counters = [counter(47)]
    await rig.online()
    await waitFor('three samples', () => samples().length >= 3)
    rig.machine.counters = [counter(48)]
    await waitFor('the changed counter', () => samples().some((s) => s.counters[0]?.value === 48))
    expect(samples().flatMap((s) => s.counters.map((c) => c.value))).toEqual([47, 48])
    expect(rig.gateway.telemetry.map((batch) => batch.seq)).toEqual(rig.gateway.telemetry.map((_, i) => i))
    expect(new Set(rig.gateway.telemetry.map((batch) => batch.bootId)).size).toBe(1)
  })

  it('keeps samples while the gateway is away, bounded, drops the oldest and counts them', async () => {
    const agent = await rig.online({ intervalMs: 1 })
    await waitFor('a sample', () => samples().length > 0)
    await rig.gateway.stop()
    await waitFor('offline', () => !agent.online())
    const before = rig.machine.reads
    rig.machine.counters = [counter(5)]
    // 480 fit; the counter's one change is among the dropped ones and must be said again.
    await waitFor('more readings than fit', () => rig.machine.reads - before > 700, 30_000)
    await rig.gateway.start()
    await waitFor('the buffer to arrive', () => rig.gateway.telemetry.some((batch) => batch.dropped > 0), 15_000)
    const backlog = samples()
    expect(backlog.map((s) => s.atMs)).toEqual(backlog.map((s) => s.atMs).sort((a, b) => a - b))
    await waitFor('the counter', () => samples().some((s) => s.counters[0]?.value === 5))
  }, 60_000)

  it('sends a batch again, the same under the same number, when its answer was lost', async () => {
    rig.gateway.mute.add('telemetry')
    await rig.online()
    await waitFor('an unanswered batch', () => rig.gateway.telemetry.length === 1)
    for (const socket of rig.gateway.sockets) socket.disconnect(true)
    rig.gateway.mute.clear()
    await waitFor('the same batch again', () => rig.gateway.telemetry.length >= 2)
    expect(rig.gateway.telemetry[1]).toEqual(rig.gateway.telemetry[0])
  })

  it('drops a batch that the gateway will never take, and counts its samples', async () => {
    rig.gateway.refuse.set('telemetry', { code: 'malformed', message: 'No.', fatal: false })
    await rig.online()
    await waitFor('some readings', () => rig.machine.reads > 2)
    rig.gateway.refuse.clear()
    await waitFor('a batch', () => rig.gateway.telemetry.length > 0)
    expect(rig.gateway.telemetry[0]?.dropped).toBeGreaterThan(0)
  })
})

describe('health events', () => {
  it('turns readings into events: lost, recovered, throttled for two readings, free again', async () => {
    await rig.online({ intervalMs: 20 })
    await waitFor('a sample', () => samples().length > 0)
    rig.machine.gpus = [
      gpuSample(GPU_A, { readability: 'lost', throttleMask: null }),
      gpuSample(GPU_B, { throttleMask: 0x48 }),
    ]
    await waitFor('lost and throttled', () => rig.gateway.events.length >= 2)
    rig.machine.gpus = [gpuSample(GPU_A), gpuSample(GPU_B)]
    await waitFor('recovered and free', () => rig.gateway.events.length >= 4)
    expect(new Set(rig.gateway.events.map((e) => `${e.kind} ${e.uuid} ${e.code}`))).toEqual(
      new Set([
        `gpu-lost ${GPU_A} null`,
        `gpu-recovered ${GPU_A} null`,
        `throttle-end ${GPU_B} 72`,
        `throttle-start ${GPU_B} 72`,
      ]),
    )
  })

  it('keeps an event until it is stored, and does not tell one twice', async () => {
    rig.gateway.mute.add('health-events')
    await rig.online()
    const xid = {
      key: 'kmsg:boot-1:7',
      atMs: 1,
      kind: 'xid' as const,
      uuid: GPU_A,
      pciBusId: null,
      code: 79,
      line: 'NVRM: Xid',
      replicaId: null,
    }
    rig.machine.emit(xid)
    rig.machine.emit(xid)
    await waitFor('the event', () => rig.gateway.events.length === 1)
    for (const socket of rig.gateway.sockets) socket.disconnect(true)
    rig.gateway.mute.clear()
    await waitFor('it again', () => rig.gateway.events.length === 2)
    await waitFor('the place in the kernel log to be kept', () =>
      readFileSync(join(rig.folder, 'state/machine.json'), 'utf8').includes('"kernelSeq":7'),
    )
    await rig.agent?.stop()
    await rig.online()
    rig.machine.emit(xid)
    rig.machine.emit({ ...xid, key: 'kmsg:boot-1:8' })
    await waitFor('only the new one', () => rig.gateway.events.length === 3)
    expect(rig.gateway.events.at(-1)?.key).toBe('kmsg:boot-1:8')
  })
})

describe('logs', () => {
  const ticker = assignment('rep_a', { spec: { command: TICKER } })
  /** Every line once, in order, with its number: nothing lost, nothing twice, nothing renumbered. */
  function expectWhole() {
    expect(rig.gateway.conflicts).toEqual([])
    const lines = rig.gateway.logOf('rep_a')
    expect(lines.map((line) => line.seq)).toEqual(lines.map((_, i) => i))
    expect(lines.map((line) => line.text.split(' ').slice(1).join(' '))).toEqual(lines.map((_, i) => `line ${i}`))
  }

  it('number every line, over lost answers, lost connections and restarts of the agent', async () => {
    await rig.online()
    await rig.gateway.push([ticker])
    for (let round = 1; round <= 3; round++) {
      await waitFor('more lines', () => rig.gateway.logOf('rep_a').length >= round * 12)
      rig.gateway.mute.add('logs')
      const seen = rig.gateway.logOf('rep_a').length
      await waitFor('a batch whose answer is lost', () => rig.gateway.logOf('rep_a').length > seen)
      if (round % 2 === 0) for (const socket of rig.gateway.sockets) socket.disconnect(true)
      else await rig.agent?.stop()
      rig.gateway.mute.clear()
      if (round % 2 === 1) await rig.online()
    }
    await waitFor('lines of the last agent', () => rig.gateway.logOf('rep_a').length >= 60)
    expectWhole()
  })

  it('go on counting over a restart of the replica and a new generation', async () => {
    await rig.online()
    const say = (word: string) => ['node', '-e', `console.log(Date.now()+" ${word}")`]
    await rig.gateway.push([
      assignment('rep_a', {
        spec: { command: say('one'), restart: { policy: 'always', maxRestarts: 1, backoffMs: 5 } },
      }),
    ])
    await waitFor('two lines', () => rig.gateway.logOf('rep_a').length === 2)
    await rig.gateway.push([assignment('rep_a', { generation: 2, spec: { command: say('two') } })])
    await waitFor('the line of generation 2', () => rig.gateway.logOf('rep_a').length === 3)
    expect(rig.gateway.logOf('rep_a').map((line) => [line.seq, line.text.split(' ')[1]])).toEqual([
      [0, 'one'],
      [1, 'one'],
      [2, 'two'],
    ])
    expect(rig.gateway.conflicts).toEqual([])
  })

  it('are complete when the replica ends at once and is dropped', async () => {
    await rig.online()
    await rig.gateway.push([
      assignment('rep_a', {
        spec: { command: ['node', '-e', 'for(let i=0;i<700;i++)console.log(Date.now()+" line "+i)'] },
      }),
    ])
    await waitFor('it to end', () => rig.gateway.status('rep_a')?.phase === 'exited')
    await rig.gateway.push([])
    await waitFor('it to be forgotten', () => readdirSync(join(rig.folder, 'state/replicas')).length === 0)
    expect(rig.gateway.logOf('rep_a')).toHaveLength(700)
    expectWhole()
  })
})

describe('commands', () => {
  let count = 0
  const command = (body: object, patch: object = {}) =>
    rig.gateway.command({ id: `cmd_${++count}`, epoch: 1, expiresAtMs: Date.now() + 60_000, body, ...patch } as never)
  const result = (id = `cmd_${count}`) =>
    waitFor(`the result of ${id}`, () => rig.gateway.results.find((r) => r.id === id))

  it('probe paths only below the data roots', async () => {
    mkdirSync(join(rig.folder, 'data/training'), { recursive: true })
    writeFileSync(join(rig.folder, 'data/set.bin'), Buffer.alloc(2 * 1024 * 1024))
    await rig.online()
    const at = (name: string) => join(rig.folder, name)
    await command({
      kind: 'probe-paths',
      paths: [at('data/training'), at('data/set.bin'), at('data/none'), '/etc/passwd', `${at('data')}/../secret`],
    })
    expect((await result()).data).toEqual({
      paths: [
        { path: at('data/training'), exists: true, outside: false, kind: 'dir', sizeMib: null },
        { path: at('data/set.bin'), exists: true, outside: false, kind: 'file', sizeMib: 2 },
        { path: at('data/none'), exists: false, outside: false, kind: null, sizeMib: null },
        { path: '/etc/passwd', exists: false, outside: true, kind: null, sizeMib: null },
        { path: `${at('data')}/../secret`, exists: false, outside: true, kind: null, sizeMib: null },
      ],
    })
  })

  it('run once by id, and give their kept result again when asked again, also after a restart', async () => {
    await rig.online()
    const id = 'cmd_once'
    await command({ kind: 'collect-diagnostics', gpuUuid: null }, { id })
    const first = await result(id)
    expect(first).toMatchObject({ outcome: 'succeeded', data: { sections: { kernel: 'NVRM: nothing' } } })
    await rig.agent?.stop()
    await rig.online()
    await command({ kind: 'collect-diagnostics', gpuUuid: null }, { id })
    const again = await waitFor('the result again', () => rig.gateway.results.filter((r) => r.id === id)[1])
    expect(again).toEqual(first)
  })

  it('are refused from an older epoch and after they expired', async () => {
    await rig.online()
    await rig.gateway.push([], { epoch: 4 })
    await command({ kind: 'refresh-inventory' }, { epoch: 3 })
    expect(await result()).toMatchObject({ outcome: 'refused' })
    await command({ kind: 'refresh-inventory' }, { epoch: 4, expiresAtMs: Date.now() - 1 })
    expect(await result()).toMatchObject({ outcome: 'expired' })
  })

  it('tell a result after a reconnect when its answer was lost', async () => {
    rig.gateway.mute.add('command-result')
    await rig.online()
    await command({ kind: 'refresh-inventory' })
    await result()
    for (const socket of rig.gateway.sockets) socket.disconnect(true)
    await waitFor('hello with the result', () => rig.gateway.hellos.some((hello) => hello.results.length === 1))
  })

  it('ask a replica for a checkpoint and wait until a newer one is complete', async () => {
    const folder = join(rig.folder, 'data/ckpt')
    mkdirSync(join(folder, 'step-100'), { recursive: true })
    writeFileSync(join(folder, 'step-100/model.bin'), 'x')
    await rig.online()
    const program = `const fs=require("fs");process.on("SIGUSR1",()=>{fs.mkdirSync("step-200.tmp");fs.writeFileSync("step-200.tmp/model.bin","xy");setTimeout(()=>fs.renameSync("step-200.tmp","step-200"),100)});setInterval(()=>{},1000);fs.writeFileSync("up","")`
    await rig.gateway.push([
      assignment('rep_a', {
        spec: { command: ['node', '-e', program], workdir: folder, checkpoint: { dir: folder, signal: 'SIGUSR1' } },
      }),
      assignment('rep_b'),
    ])
    await waitFor('it to listen', () => existsSync(join(folder, 'up')))
    await waitFor('both to run', () => ['rep_a', 'rep_b'].every((id) => rig.gateway.status(id)?.phase === 'ready'))
    await command({ kind: 'checkpoint', replicaId: 'rep_a', timeoutMs: 10_000 })
    expect(await result()).toMatchObject({ outcome: 'succeeded', data: { step: 200, path: join(folder, 'step-200') } })
    await command({ kind: 'checkpoint', replicaId: 'rep_b', timeoutMs: 1_000 })
    expect(await result()).toMatchObject({ outcome: 'refused' })
    await command({ kind: 'checkpoint', replicaId: 'rep_none', timeoutMs: 1_000 })
    expect(await result()).toMatchObject({ outcome: 'refused' })
  })

  it('say that no newer checkpoint came', async () => {
    const folder = join(rig.folder, 'data')
    mkdirSync(folder)
    await rig.online()
    await rig.gateway.push([
      assignment('rep_a', {
        spec: {
          command: [
            'node',
            '-e',
            'process.on("SIGUSR1",()=>{});setInterval(()=>{},1e3);require("fs").writeFileSync("up","")',
          ],
          workdir: folder,
          checkpoint: { dir: folder, signal: 'SIGUSR1' },
        },
      }),
    ])
    await waitFor('it to listen', () => existsSync(join(folder, 'up')))
    await waitFor('it to run', () => rig.gateway.status('rep_a')?.phase === 'ready')
    await command({ kind: 'checkpoint', replicaId: 'rep_a', timeoutMs: 1_000 })
    expect(await result()).toMatchObject({
      outcome: 'failed',
      message: 'No newer checkpoint within 1 s: there is none.',
    })
  })
})

describe('inventory', () => {
  it('holds name, labels, runtimes and what lies below the data roots, and is sent again when it changed', async () => {
    mkdirSync(join(rig.folder, 'data/training/shard-1'), { recursive: true })
    await rig.online()
    const hello = rig.gateway.hellos[0]
    expect(hello?.inventory).toMatchObject({
      name: 'test-box',
      labels: { zone: 'a' },
      runtimes: [{ kind: 'process', engine: 'tiny' }],
    })
    expect(hello?.inventory.dataPaths.map((p) => [p.path.replace(rig.folder, ''), p.kind])).toEqual([
      ['/data/training', 'dir'],
      ['/data/training/shard-1', 'dir'],
    ])
    mkdirSync(join(rig.folder, 'data/new'))
    await rig.gateway.command({
      id: 'cmd_refresh',
      epoch: 1,
      expiresAtMs: Date.now() + 60_000,
      body: { kind: 'refresh-inventory' },
    })
    const changed = await waitFor('the changed inventory', () => rig.gateway.inventories[0])
    expect(changed.dataPaths.map((p) => p.path)).toContain(join(rig.folder, 'data/new'))
    expect(await waitFor('the result', () => rig.gateway.results[0])).toMatchObject({
      outcome: 'succeeded',
      data: { changed: true },
    })
  })
})
