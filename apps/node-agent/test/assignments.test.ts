import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GPU_A } from './fake-machine'
import { assignment, Rig, TICKER } from './rig'
import { waitFor } from './wait-for'

let rig: Rig
beforeEach(() => {
  rig = new Rig()
})
afterEach(() => rig.close())

const phaseOf = (id: string) => rig.gateway.status(id)?.phase
const becomes = (id: string, phase: string) =>
  waitFor(`${id} to be ${phase}, it is ${phaseOf(id)}`, () => phaseOf(id) === phase)
const records = () => readdirSync(join(rig.folder, 'state/replicas')).filter((n) => n.endsWith('.json'))

describe('desired state', () => {
  it('starts what the list names, once, and stops and forgets what it drops', async () => {
    await rig.online()
    await rig.gateway.push([assignment('rep_a'), assignment('rep_b')])
    await Promise.all([becomes('rep_a', 'ready'), becomes('rep_b', 'ready')])
    await rig.gateway.push([assignment('rep_b')])
    await becomes('rep_a', 'exited')
    await waitFor('rep_a to be forgotten', () => records().length === 1 && rig.runtime.pid('rep_a') === null)
    expect(rig.gateway.status('rep_a')?.reason?.code).toBe('stopped')
    expect([rig.runtime.starts('rep_a'), rig.runtime.starts('rep_b')]).toEqual([1, 1])
  })

  it('numbers a replica that comes back after it was dropped above what it had said before', async () => {
    await rig.online()
    const speaker = assignment('rep_a', { spec: { command: ['node', '-e', 'console.log(Date.now()+" hello")'] } })
    await rig.gateway.push([speaker])
    await becomes('rep_a', 'exited')
    await rig.gateway.push([])
    await waitFor('rep_a to be forgotten', () => records().length === 0)
    const { seq = 0 } = rig.gateway.status('rep_a') ?? {}
    await rig.agent?.stop()
    await rig.online()
    await rig.gateway.push([speaker])
    await waitFor(
      'it to be told anew',
      () => (rig.gateway.status('rep_a')?.seq ?? 0) > seq && phaseOf('rep_a') === 'exited',
    )
    await waitFor('its second line', () => rig.gateway.logOf('rep_a').length === 2)
    expect(rig.gateway.conflicts).toEqual([])
  })

  it('runs again what was only dropped for a moment', async () => {
    await rig.online()
    await rig.gateway.push([assignment('rep_a')])
    await becomes('rep_a', 'ready')
    // Nobody hears that it ended, so it cannot be forgotten in between.
    rig.gateway.refuse.set('replica-status', { code: 'unavailable', message: 'Later.', fatal: false })
    const before = rig.runtime.pid('rep_a')
    await rig.gateway.push([])
    await waitFor('rep_a to be stopped', () => !existsSync(`/proc/${before}`))
    await rig.gateway.push([assignment('rep_a')])
    rig.gateway.refuse.clear()
    await waitFor('rep_a to run again', () => rig.runtime.starts('rep_a') === 2 && phaseOf('rep_a') === 'ready')
  })

  it('takes the list of the welcome', async () => {
    rig.gateway.list = [assignment('rep_a')]
    rig.gateway.version = 3
    await rig.online()
    await becomes('rep_a', 'ready')
  })

  it('keeps an ended replica as a tombstone until the list drops it, and does not start it again', async () => {
    await rig.online()
    await rig.gateway.push([assignment('rep_a', { spec: { command: ['sh', '-c', 'exit 3'] } })])
    await becomes('rep_a', 'failed')
    expect(rig.gateway.status('rep_a')).toMatchObject({ exitCode: 3, restarts: 0 })
    await rig.agent?.stop()
    await rig.online()
    expect(rig.gateway.hellos.at(-1)?.replicas).toMatchObject([{ replicaId: 'rep_a', phase: 'failed', exitCode: 3 }])
    await rig.gateway.push([])
    await waitFor('the tombstone to go', () => records().length === 0)
    expect(rig.runtime.starts('rep_a')).toBe(1)
  })

  it('stops a replica that is to be stopped and keeps its tombstone', async () => {
    await rig.online()
    await rig.gateway.push([assignment('rep_a')])
    await becomes('rep_a', 'ready')
    await rig.gateway.push([assignment('rep_a', { desired: 'stop' })])
    await becomes('rep_a', 'exited')
    expect(records()).toHaveLength(1)
  })

  it('replaces what runs when the generation changes', async () => {
    await rig.online()
    await rig.gateway.push([assignment('rep_a')])
    await becomes('rep_a', 'ready')
    const before = rig.runtime.pid('rep_a')
    await rig.gateway.push([assignment('rep_a', { generation: 2, spec: { command: ['sleep', '601'] } })])
    await waitFor('generation 2 to be ready', () => {
      const status = rig.gateway.status('rep_a')
      return status?.generation === 2 && status.phase === 'ready'
    })
    expect(rig.runtime.pid('rep_a')).not.toBe(before)
    expect(rig.runtime.starts('rep_a')).toBe(2)
  })

  it('lets a replica wait until another one on this node has let go of its GPU', async () => {
    await rig.online()
    const stubborn = {
      command: ['sh', '-c', 'trap "" TERM; while :; do sleep 0.05; done'],
      stop: { signal: 'SIGTERM' as const, graceMs: 400 },
      gpuUuids: [GPU_A],
    }
    await rig.gateway.push([assignment('rep_a', { spec: stubborn })])
    await becomes('rep_a', 'ready')
    await rig.gateway.push([assignment('rep_b', { spec: { gpuUuids: [GPU_A] } })])
    await waitFor('rep_b to wait', () => rig.gateway.status('rep_b')?.reason?.code === 'waiting-for-gpu')
    await becomes('rep_b', 'ready')
    expect(rig.gateway.status('rep_a')?.phase).toBe('exited')
  })

  it('passes the identity of the replica to it', async () => {
    await rig.online()
    const command = ['sh', '-c', 'echo "$CLAWBERNETES_REPLICA_ID $CLAWBERNETES_GENERATION" > out.txt']
    mkdirSync(join(rig.folder, 'data'))
    await rig.gateway.push([assignment('rep_a', { spec: { command, workdir: join(rig.folder, 'data') } })])
    await becomes('rep_a', 'exited')
    expect(existsSync(join(rig.folder, 'data/out.txt'))).toBe(true)
  })
})

describe('fencing', () => {
  it('drops a list of an older epoch or version and takes a newer epoch whatever its version', async () => {
    await rig.online()
    await rig.gateway.push([assignment('rep_a')], { epoch: 2, version: 5 })
    await becomes('rep_a', 'ready')
    expect(await rig.gateway.push([], { epoch: 1, version: 99 })).toMatchObject({
      ok: false,
      error: { code: 'stale-epoch' },
    })
    expect(await rig.gateway.push([], { epoch: 2, version: 4 })).toMatchObject({
      ok: false,
      error: { code: 'stale-version' },
    })
    expect(phaseOf('rep_a')).toBe('ready')
    expect(await rig.gateway.push([], { epoch: 3, version: 1 })).toEqual({ ok: true, data: null })
    await becomes('rep_a', 'exited')
  })

  it('refuses a list that names a replica twice', async () => {
    await rig.online()
    expect(await rig.gateway.push([assignment('rep_a'), assignment('rep_a')])).toMatchObject({
      ok: false,
      error: { code: 'malformed' },
    })
    expect(rig.runtime.starts('rep_a')).toBe(0)
  })
})

describe('restarts', () => {
  const flaky = (
    restart: { policy: 'never' | 'on-failure' | 'always'; maxRestarts: number; backoffMs: number },
    code = 1,
  ) => assignment('rep_a', { spec: { command: ['sh', '-c', `exit ${code}`], restart } })

  it('restarts on failure, counted, up to the most allowed, then says so', async () => {
    await rig.online()
    await rig.gateway.push([flaky({ policy: 'on-failure', maxRestarts: 2, backoffMs: 5 })])
    await becomes('rep_a', 'failed')
    expect(rig.gateway.status('rep_a')).toMatchObject({
      restarts: 2,
      exitCode: 1,
      reason: { code: 'restarts-exhausted' },
    })
    expect(rig.runtime.starts('rep_a')).toBe(3)
  })

  it('does not restart a clean exit under on-failure, and does under always', async () => {
    await rig.online()
    await rig.gateway.push([flaky({ policy: 'on-failure', maxRestarts: 5, backoffMs: 5 }, 0)])
    await becomes('rep_a', 'exited')
    expect(rig.runtime.starts('rep_a')).toBe(1)
    await rig.gateway.push([{ ...flaky({ policy: 'always', maxRestarts: 2, backoffMs: 5 }, 0), generation: 2 }])
    await waitFor('three starts of generation 2', () => rig.runtime.starts('rep_a') === 4)
  })

  it('backs off longer every time', async () => {
    await rig.online()
    await rig.gateway.push([flaky({ policy: 'always', maxRestarts: 100, backoffMs: 50 })])
    await waitFor('four starts', () => rig.runtime.starts('rep_a') >= 4)
    const waits = rig.gateway.statuses
      .filter((s) => s.reason?.code === 'restarting')
      .map((s) => Number(/in ([\d.]+) s/.exec(s.reason?.message ?? '')?.[1]))
    expect(waits.slice(0, 3)).toEqual([0.1, 0.1, 0.2])
  })

  it('goes on when the engine comes back, without counting a restart', async () => {
    rig.runtime.down = true
    await rig.online()
    await rig.gateway.push([assignment('rep_a')])
    await waitFor('the list to be on disk', () => existsSync(join(rig.folder, 'state/assignments.json')))
    rig.runtime.down = false
    await waitFor('rep_a to be ready', () => phaseOf('rep_a') === 'ready', 15_000)
    expect(rig.gateway.status('rep_a')?.restarts).toBe(0)
  })
})

describe('mounts', () => {
  const withMount = (hostPath: string, readOnly = true) =>
    assignment('rep_a', { spec: { mounts: [{ hostPath, containerPath: '/x', readOnly }] } })

  it('refuses a path outside the data roots, also behind a symbolic link', async () => {
    mkdirSync(join(rig.folder, 'data'))
    mkdirSync(join(rig.folder, 'secret'))
    symlinkSync(join(rig.folder, 'secret'), join(rig.folder, 'data/link'))
    symlinkSync(join(rig.folder, 'nowhere'), join(rig.folder, 'data/dangling'))
    await rig.online()
    for (const [i, path] of [
      '/etc',
      join(rig.folder, 'secret'),
      join(rig.folder, 'data/link'),
      join(rig.folder, 'data/link/new/deep'),
    ].entries()) {
      await rig.gateway.push([{ ...withMount(path, i !== 3), generation: i + 1 }])
      await waitFor(`${path} to be refused`, () => {
        const status = rig.gateway.status('rep_a')
        return (
          status?.generation === i + 1 &&
          status.phase === 'failed' &&
          status.reason?.code === 'mount-outside-data-roots'
        )
      })
    }
    await rig.gateway.push([{ ...withMount(join(rig.folder, 'data/dangling'), false), generation: 9 }])
    await waitFor(
      'the dangling link to be refused',
      () => rig.gateway.status('rep_a')?.reason?.code === 'mount-missing',
    )
    expect(existsSync(join(rig.folder, 'secret/new'))).toBe(false)
    expect(rig.runtime.starts('rep_a')).toBe(0)
  })

  it('makes a missing folder that may be written to and refuses a missing one that may not', async () => {
    mkdirSync(join(rig.folder, 'data'))
    await rig.online()
    await rig.gateway.push([withMount(join(rig.folder, 'data/runs/one'), false)])
    await becomes('rep_a', 'ready')
    expect(existsSync(join(rig.folder, 'data/runs/one'))).toBe(true)
    await rig.gateway.push([{ ...withMount(join(rig.folder, 'data/absent')), generation: 2 }])
    await waitFor('it to fail', () => rig.gateway.status('rep_a')?.reason?.code === 'mount-missing')
  })
})

describe('restarts of the agent', () => {
  it('adopts what runs and counts nothing', async () => {
    await rig.online()
    await rig.gateway.push([assignment('rep_a')])
    await becomes('rep_a', 'ready')
    const pid = rig.runtime.pid('rep_a')
    await rig.agent?.stop()
    await rig.online()
    expect(rig.gateway.hellos.at(-1)?.replicas).toMatchObject([{ replicaId: 'rep_a', phase: 'ready', restarts: 0 }])
    expect(rig.runtime.pid('rep_a')).toBe(pid)
    expect(rig.runtime.starts('rep_a')).toBe(1)
  })

  it('concludes nothing about what it cannot see, and takes it up when the engine is back', async () => {
    await rig.online()
    await rig.gateway.push([assignment('rep_a')])
    await becomes('rep_a', 'ready')
    await rig.agent?.stop()
    await rig.online({ runtimes: [] })
    await waitFor('it to be said', () => rig.gateway.status('rep_a')?.reason?.code === 'engine-unavailable')
    expect(phaseOf('rep_a')).toBe('ready')
    await rig.agent?.stop()
    await rig.online()
    await waitFor('it to be as before', () => rig.gateway.status('rep_a')?.reason === null)
    expect(rig.gateway.status('rep_a')).toMatchObject({ phase: 'ready', restarts: 0 })
    expect(rig.runtime.starts('rep_a')).toBe(1)
  })

  it('goes on with the last list while the gateway is away', async () => {
    await rig.online()
    await rig.gateway.push([
      assignment('rep_a', { spec: { restart: { policy: 'always', maxRestarts: 9, backoffMs: 5 } } }),
    ])
    await becomes('rep_a', 'ready')
    await rig.agent?.stop()
    await rig.gateway.stop()
    const pid = rig.runtime.pid('rep_a')
    await rig.start()
    if (pid) process.kill(-pid, 'SIGKILL')
    await waitFor('it to be restarted', () => rig.runtime.starts('rep_a') === 2)
    await rig.gateway.start()
    await waitFor('the gateway to hear of it', () => rig.gateway.status('rep_a')?.restarts === 1)
  })

  it('after a reboot starts again what was running, uncounted, and leaves alone what must not restart', async () => {
    await rig.online()
    const always = { policy: 'always' as const, maxRestarts: 3, backoffMs: 5 }
    await rig.gateway.push([assignment('rep_a', { spec: { restart: always } }), assignment('rep_b')])
    await Promise.all([becomes('rep_a', 'ready'), becomes('rep_b', 'ready')])
    await rig.agent?.stop()
    for (const id of ['rep_a', 'rep_b']) process.kill(-(rig.runtime.pid(id) ?? 0), 'SIGKILL')
    // A machine that comes up holds none of its processes; here the kernel may take a moment.
    await waitFor('both to be gone', async () => (await rig.runtime.list()).every((seen) => seen.phase === 'failed'))
    rig.machine.bootId = 'boot-2'
    await rig.online()
    await waitFor('rep_a to run again', () => rig.runtime.starts('rep_a') === 2 && phaseOf('rep_a') === 'ready')
    await becomes('rep_b', 'failed')
    expect(rig.gateway.status('rep_a')?.restarts).toBe(0)
    expect(rig.gateway.status('rep_b')?.reason?.code).toBe('machine-restarted')
    expect(rig.runtime.starts('rep_b')).toBe(1)
  })

  it('stops what it finds that no list and no record names', async () => {
    await rig.online()
    await rig.gateway.push([assignment('rep_a', { spec: { command: TICKER } })])
    await becomes('rep_a', 'ready')
    await rig.agent?.stop()
    writeFileSync(join(rig.folder, 'state/assignments.json'), JSON.stringify({ epoch: 1, version: 1, list: [] }))
    rig.gateway.list = []
    await rig.online()
    await waitFor('it to be gone', () => rig.runtime.pid('rep_a') === null && records().length === 0)
  })
})
