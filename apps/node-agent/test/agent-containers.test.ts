import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../src/agent-log'
import { ContainerRuntime } from '../src/runtime/container/container-runtime'
import { connectEngine, type Engine } from '../src/runtime/container/engine'
import type { Agent } from '../src/agent-options'
import { assignment, Rig } from './rig'
import { waitFor } from './wait-for'

const IMAGE = process.env.CLAWBERNETES_TEST_IMAGE ?? 'localhost/bb:1'
const ENGINES = [
  ['Docker', process.env.CLAWBERNETES_TEST_DOCKER ?? '/var/run/docker.sock'],
  ['Podman', process.env.CLAWBERNETES_TEST_PODMAN ?? '/run/podman/podman.sock'],
] as const

for (const [name, socket] of ENGINES) {
  const engine = await connectEngine(socket.replace(/^unix:\/\//, ''))
  const image = await engine?.docker
    .getImage(IMAGE)
    .inspect()
    .catch(() => null)
  if (!image)
    console.log(`the agent over ${name}: skipped, ${engine ? `it has no image ${IMAGE}` : 'it does not answer here'}`)
  describe.skipIf(!image)(`the agent over ${name}`, { timeout: 90_000 }, () => {
    overEngine(engine as Engine)
  })
}

function overEngine(engine: Engine) {
  const owner = `agent-test-${process.pid}-${Date.now()}`
  let rig: Rig
  let runtime: ContainerRuntime
  beforeEach(() => {
    rig = new Rig()
    mkdirSync(join(rig.folder, 'data'))
  })
  afterEach(async () => {
    for (const seen of await runtime.list()) {
      await runtime.stop(seen.key, { signal: 'SIGTERM', graceMs: 0 })
      await runtime.remove(seen.key)
    }
    runtime.close()
    await rig.close()
  })

  /** As after a restart of the agent: a runtime that knows nothing but what the engine and the disk tell. */
  async function online(): Promise<Agent> {
    runtime = new ContainerRuntime({
      engine,
      stateDir: join(rig.folder, 'state'),
      owner,
      address: null,
      log: silentLog,
    })
    return rig.online({ runtimes: [runtime] })
  }
  async function restart(): Promise<void> {
    await rig.agent?.stop()
    runtime.close()
    await online()
  }
  const container = (spec: Partial<ReplicaSpec>, generation = 1) =>
    assignment('rep_c', {
      generation,
      spec: { runtime: 'container', image: IMAGE, stop: { signal: 'SIGTERM', graceMs: 1_000 }, ...spec },
    })
  const status = () => rig.gateway.status('rep_c')
  const phase = (wanted: string, generation = 1) =>
    waitFor(`rep_c to be ${wanted}`, () => status()?.phase === wanted && status()?.generation === generation, 40_000)

  it('starts one, adopts it after a restart, ships every line of it once and removes it', async () => {
    await online()
    const ticker = 'trap "exit 0" TERM; i=0; while :; do echo "line $i"; i=$((i+1)); sleep 0.05; done'
    await rig.gateway.push([container({ command: ['sh', '-c', ticker] })])
    await phase('ready')
    const { startedAtMs } = status() ?? {}
    await waitFor('lines', () => rig.gateway.logOf('rep_c').length > 5, 20_000)
    await restart()
    const before = rig.gateway.logOf('rep_c').length
    await waitFor('more lines', () => rig.gateway.logOf('rep_c').length > before + 10, 20_000)
    expect(status()).toMatchObject({ phase: 'ready', startedAtMs, restarts: 0 })
    expect(await runtime.list()).toHaveLength(1)
    expect(rig.gateway.conflicts).toEqual([])
    const lines = rig.gateway.logOf('rep_c').filter((line) => line.stream === 'stdout')
    expect(lines.map((line) => line.text)).toEqual(lines.map((_, i) => `line ${i}`))
    await rig.gateway.push([])
    await waitFor('it to be gone', async () => (await runtime.list()).length === 0, 30_000)
    expect(status()).toMatchObject({ phase: 'exited', reason: { code: 'stopped' } })
  })

  it('restarts what fails, counted, and tells an OOM kill as one', async () => {
    await online()
    await rig.gateway.push([
      container({
        command: ['sh', '-c', 'exit 7'],
        restart: { policy: 'on-failure', maxRestarts: 1, backoffMs: 10 },
      }),
    ])
    await phase('failed')
    expect(status()).toMatchObject({ exitCode: 7, restarts: 1, reason: { code: 'restarts-exhausted' } })
    await rig.gateway.push([container({ command: ['tail', '/dev/zero'], memoryMib: 32 }, 2)])
    await phase('failed', 2)
    expect(status()).toMatchObject({ oomKilled: true, restarts: 0 })
  })

  it('replaces one by a newer generation and mounts only what lies below the data roots', async () => {
    await online()
    await rig.gateway.push([container({ command: ['sleep', '600'] })])
    await phase('ready')
    const mounts = [{ hostPath: join(rig.folder, 'data/out'), containerPath: '/out', readOnly: false }]
    await rig.gateway.push([
      container({ command: ['sh', '-c', 'echo "$CLAWBERNETES_REPLICA_ID" > /out/id'], mounts }, 2),
    ])
    await phase('exited', 2)
    expect(await runtime.list()).toHaveLength(1)
    await rig.gateway.push([
      container({ command: ['true'], mounts: [{ hostPath: '/etc', containerPath: '/x', readOnly: true }] }, 3),
    ])
    await phase('failed', 3)
    expect(status()?.reason?.code).toBe('mount-outside-data-roots')
  })
}
