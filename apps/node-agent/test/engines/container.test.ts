import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/agent-log'
import { ContainerRuntime } from '../../src/runtime/container/container-runtime'
import { ContainerRecords } from '../../src/runtime/container/container-record'
import { connectEngine, type Engine } from '../../src/runtime/container/engine'
import type { ReplicaKey } from '../../src/runtime/runtime'
import { replicaName } from '../../src/runtime/shared/observed'
import { bundleScript, Followed, newKey, newSpec, tempDir, until } from './support'

const IMAGE = process.env['CLAWBERNETES_TEST_IMAGE'] ?? 'localhost/bb:1'
/** Below node_modules, so that a bundle there finds the engines' client. */
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/clawbernetes-tests', import.meta.url))
const OWNER = `test-${process.pid}`

const engines = [
  { name: 'Docker', variable: 'CLAWBERNETES_TEST_DOCKER', socket: '/var/run/docker.sock' },
  { name: 'Podman', variable: 'CLAWBERNETES_TEST_PODMAN', socket: '/run/podman/podman.sock' },
]

for (const { name, variable, socket } of engines) {
  const engine = await connectEngine((process.env[variable] ?? socket).replace(/^unix:\/\//, ''))
  const image =
    engine &&
    (await engine.docker
      .getImage(IMAGE)
      .inspect()
      .catch(() => null))
  if (!image)
    console.log(`containers in ${name}: skipped, ${engine ? `it has no image ${IMAGE}` : 'it does not answer here'}`)
  describe.skipIf(!image)(`a container in ${name}`, { timeout: 120_000 }, () => {
    containerTests(engine as Engine)
  })
}

function containerTests(engine: Engine) {
  let stateDir: string
  const runtimes: ContainerRuntime[] = []
  const started: ReplicaKey[] = []

  beforeAll(async () => {
    stateDir = await tempDir()
  })

  afterAll(async () => {
    for (const runtime of runtimes) runtime.close()
    const last = newRuntime()
    for (const key of started) {
      await last.stop(key, { signal: 'SIGTERM', graceMs: 0 })
      await last.remove(key)
    }
    last.close()
    await rm(stateDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  })

  const newRuntime = (owner = OWNER, folder = stateDir) => {
    const runtime = new ContainerRuntime({ engine, stateDir: folder, owner, address: null, log: silentLog })
    runtimes.push(runtime)
    return runtime
  }
  const spec = (over: Partial<ReplicaSpec>) => newSpec({ runtime: 'container', image: IMAGE, ...over })
  const run = (over: Partial<ReplicaSpec>, key = newKey(), runtime = newRuntime()) => {
    started.push(key)
    return new Followed(runtime, key).start(spec(over))
  }
  const sh = (script: string): string[] => ['sh', '-c', script]
  const containersOf = async (key: ReplicaKey) => {
    const filters = JSON.stringify({ label: [`clawbernetes.replica=${key.replicaId}`] })
    return engine.docker.listContainers({ all: true, filters })
  }

  it('runs, gives its output on the right streams to the last unfinished line, and tells its exit code', async () => {
    const long = 'x'.repeat(20_000)
    const replica = await run({ command: sh(`echo one; echo two >&2; echo ${long}; printf four; exit 3`) })
    expect(await replica.end()).toMatchObject({
      phase: 'failed',
      exitCode: 3,
      signal: null,
      oomKilled: false,
      reason: { code: 'exit-code' },
    })
    const lines = await replica.output()
    expect(lines[0]).toBe('one')
    expect(lines.at(-1)).toBe('four')
    expect(lines.slice(1, -1).join('')).toBe(long)
    expect(replica.lines.filter((line) => line.stream === 'stderr').map((line) => line.text)).toEqual(['two'])
  })

  it('ends well, with its times', async () => {
    const replica = await run({ command: ['true'] })
    const end = await replica.end()
    expect(end).toMatchObject({ phase: 'exited', exitCode: 0, reason: null })
    expect(end.finishedAtMs).toBeGreaterThanOrEqual(end.startedAtMs ?? Number.POSITIVE_INFINITY)
  })

  it('carries labels and limits, and no rights beyond its own walls', async () => {
    const replica = await run({ command: ['sleep', '300'], memoryMib: 64, cpus: 0.5, pidsMax: 32, shmMib: 8 })
    await replica.phase('ready')
    const info = await engine.docker.getContainer(replicaName(replica.key)).inspect()
    expect(info.Config.Labels).toMatchObject({
      'clawbernetes.replica': replica.key.replicaId,
      'clawbernetes.generation': '1',
      'clawbernetes.workload': 'test',
    })
    expect(info.HostConfig).toMatchObject({
      Memory: 64 * 1024 * 1024,
      PidsLimit: 32,
      ShmSize: 8 * 1024 * 1024,
      Privileged: false,
    })
    expect(info.HostConfig.NetworkMode).not.toBe('host')
    const status = await output(
      replica.runtime as ContainerRuntime,
      sh('grep NoNewPrivs /proc/self/status; df -m /dev/shm | tail -1'),
    )
    expect(status[0]).toMatch(/NoNewPrivs:\s+1/)
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 5000 })
  })

  const output = async (runtime: ContainerRuntime, command: string[]) => {
    const replica = await run({ command }, newKey(), runtime)
    return replica.output()
  }

  it('is told as killed for memory', async () => {
    const replica = await run({ command: ['tail', '/dev/zero'], memoryMib: 32 })
    const end = await replica.end()
    expect(end).toMatchObject({
      phase: 'failed',
      exitCode: 137,
      signal: 'SIGKILL',
      oomKilled: true,
      reason: { code: 'oom' },
    })
  })

  it('is told as killed for memory in a part, although it ended well', async () => {
    const replica = await run({ command: sh('tail /dev/zero; sleep 1; exit 0'), memoryMib: 32 })
    expect(await replica.end()).toMatchObject({ exitCode: 0, oomKilled: true, reason: { code: 'oom' } })
  })

  it('is stopped within its grace, or killed after it', async () => {
    const polite = await run({ command: sh('trap "echo saved; exit 7" TERM; echo up; while :; do sleep 0.1; done') })
    await polite.text('up')
    await polite.runtime.stop(polite.key, { signal: 'SIGTERM', graceMs: 20_000 })
    expect(await polite.end()).toMatchObject({ phase: 'exited', exitCode: 7, reason: { code: 'stopped' } })
    expect(await polite.output()).toEqual(['up', 'saved'])
    const deaf = await run({ command: sh('trap "" TERM; echo up; while :; do sleep 0.1; done') })
    await deaf.text('up')
    await deaf.runtime.stop(deaf.key, { signal: 'SIGTERM', graceMs: 500 })
    expect(await deaf.end()).toMatchObject({ phase: 'exited', exitCode: 137, oomKilled: false })
    await deaf.runtime.stop(deaf.key, { signal: 'SIGTERM', graceMs: 500 })
  })

  it('says that it was killed by somebody else, and that it was removed by somebody else', async () => {
    const killed = await run({ command: ['sleep', '300'] })
    await killed.phase('ready')
    await engine.docker.getContainer(replicaName(killed.key)).kill({ signal: 'SIGKILL' })
    expect(await killed.end()).toMatchObject({ phase: 'failed', exitCode: 137, reason: { code: 'signal' } })
    const removed = await run({ command: ['sleep', '300'] })
    await removed.phase('ready')
    await engine.docker.getContainer(replicaName(removed.key)).remove({ force: true })
    // A slow removal lets the end be seen before the container is gone.
    const end = await removed.end()
    expect(end.phase).toBe('failed')
    expect(['container-removed', 'signal']).toContain(end.reason?.code)
  })

  it('is adopted by the next agent, once, with its output from the cursor on', async () => {
    const key = newKey()
    const first = await run(
      { command: sh('i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo $i; sleep 0.1; done; exit 5') },
      key,
    )
    await until('a part', () => first.lines.length >= 5)
    ;(first.runtime as ContainerRuntime).close()
    const before = first.lines.map((line) => line.text)
    const next = newRuntime()
    expect((await next.list()).find((o) => o.key.replicaId === key.replicaId)).toMatchObject({ phase: 'running' })
    const adopted = new Followed(next, key)
    await next.start(key, spec({ command: ['false'] }), (o) => adopted.seen.push(o))
    adopted.follow(first.lines.at(-1)?.atMs ?? 0)
    expect(await adopted.end()).toMatchObject({ phase: 'failed', exitCode: 5 })
    expect([...before, ...(await adopted.output())]).toEqual(Array.from({ length: 30 }, (_, i) => String(i + 1)))
    expect(await containersOf(key)).toHaveLength(1)
  })

  it('is made and started once when the agent is killed at any moment of the start', async () => {
    const agentScript = await bundleScript('container-agent-entry', CACHE)
    const runs = path.join(stateDir, 'runs')
    await mkdir(runs)
    for (const afterMs of [0, 30, 60, 100, 150, 250, 400]) {
      const key = newKey()
      const once = spec({
        command: sh(`echo run >> /runs/${key.replicaId}; sleep 300`),
        mounts: [{ hostPath: runs, containerPath: '/runs', readOnly: false }],
      })
      const order = JSON.stringify({ key, spec: once })
      const agent = spawn(process.execPath, [agentScript, stateDir, engine.socketPath, OWNER, order])
      await new Promise((resolve) => agent.stdout.once('data', resolve))
      const begunMs = Date.now()
      await until('its moment', () => Date.now() >= begunMs + afterMs)
      agent.kill('SIGKILL')
      started.push(key)
      const replica = await new Followed(newRuntime(), key).start(once)
      await replica.phase('ready')
      const file = path.join(runs, key.replicaId)
      expect(await until('its run', () => existsSync(file) && readFileSync(file, 'utf8'))).toBe('run\n')
      expect(await containersOf(key)).toHaveLength(1)
      await replica.runtime.stop(key, { signal: 'SIGTERM', graceMs: 0 })
    }
  })

  it('ends as asked although the agent died while it stopped it', async () => {
    const replica = await run({ command: ['sleep', '300'] })
    await replica.phase('ready')
    ;(replica.runtime as ContainerRuntime).close()
    const records = new ContainerRecords(stateDir)
    const record = records.read(replicaName(replica.key))
    if (!record) throw new Error('no record')
    records.write({ ...record, stopAsked: true })
    const next = new Followed(newRuntime(), replica.key)
    await next.start(spec({ command: ['sleep', '300'] }))
    expect(await next.end()).toMatchObject({ phase: 'exited', reason: { code: 'stopped' } })
  })

  it('is found, stopped and removed although every record of it was lost', async () => {
    const key = newKey()
    const replica = await run({ command: ['sleep', '300'] }, key)
    await replica.phase('ready')
    const elsewhere = path.join(stateDir, 'lost')
    const next = newRuntime(OWNER, elsewhere)
    expect((await next.list()).map((o) => o.key)).toContainEqual(key)
    await next.stop(key, { signal: 'SIGTERM', graceMs: 5000 })
    await next.remove(key)
    expect(await containersOf(key)).toEqual([])
  })

  it('belongs to its owner alone', async () => {
    const replica = await run({ command: ['sleep', '300'] })
    await replica.phase('ready')
    const stranger = newRuntime('another-node', path.join(stateDir, 'stranger'))
    expect(await stranger.list()).toEqual([])
    await stranger.stop(replica.key, { signal: 'SIGTERM', graceMs: 0 })
    await stranger.remove(replica.key)
    const clash = new Followed(stranger, replica.key)
    await clash.start(spec({ command: ['true'] }))
    expect(await clash.end()).toMatchObject({ phase: 'failed', reason: { code: 'start-failed' } })
    expect((await containersOf(replica.key))[0]?.State).toBe('running')
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 0 })
  })

  it('is not run again by a second start, and is run anew after a removal', async () => {
    const key = newKey()
    const replica = await run({ command: sh('echo run; exit 1') }, key)
    const end = await replica.end()
    const again = new Followed(newRuntime(), key)
    await again.start(spec({ command: sh('echo run; exit 1') }))
    expect(await again.end()).toEqual(end)
    await again.runtime.remove(key)
    await replica.runtime.remove(key)
    const anew = await run({ command: sh('echo anew') }, key)
    expect(await anew.output()).toEqual(['anew'])
    await expect(anew.runtime.remove(key)).resolves.toBeUndefined()
  })

  it('takes over a container that was made and never started', async () => {
    const key = newKey()
    await engine.docker.createContainer({
      name: replicaName(key),
      Image: IMAGE,
      Cmd: ['false'],
      Labels: { 'clawbernetes.owner': OWNER, 'clawbernetes.replica': key.replicaId, 'clawbernetes.generation': '1' },
    })
    const replica = await run({ command: sh('echo mine') }, key)
    expect(await replica.end()).toMatchObject({ phase: 'exited', exitCode: 0 })
    expect(await replica.output()).toEqual(['mine'])
    expect(await containersOf(key)).toHaveLength(1)
  })

  it('says what is missing and leaves nothing behind', async () => {
    const image = await run({ image: 'localhost/no-such-image:1', command: ['true'] })
    expect(await image.end()).toMatchObject({ phase: 'failed', reason: { code: 'image-missing' } })
    const command = await run({ command: ['no-such-program'] })
    expect(await command.end()).toMatchObject({ phase: 'failed', reason: { code: 'command-missing' } })
    const first = await run({ command: ['sleep', '300'], ports: [{ containerPort: 80, hostPort: null }] })
    const taken = (await first.phase('ready')).endpoints[0]?.hostPort ?? null
    const second = await run({ command: ['sleep', '300'], ports: [{ containerPort: 80, hostPort: taken }] })
    expect(await second.end()).toMatchObject({ phase: 'failed', reason: { code: 'start-failed' } })
    expect(await containersOf(second.key)).toEqual([])
    await first.runtime.stop(first.key, { signal: 'SIGTERM', graceMs: 0 })
    const mount = { hostPath: path.join(stateDir, 'no-such'), containerPath: '/data', readOnly: true }
    const runtime = newRuntime()
    await expect(runtime.start(newKey(), spec({ command: ['true'], mounts: [mount] }), () => {})).rejects.toMatchObject(
      { code: 'mount-missing' },
    )
    await expect(runtime.start(newKey(), spec({ image: null }), () => {})).rejects.toMatchObject({
      code: 'invalid-spec',
    })
    const unpulled = await run({ image: '127.0.0.1:9/nothing:1', command: ['true'] })
    expect(await unpulled.end(45_000)).toMatchObject({ phase: 'failed', reason: { code: 'image-missing' } })
    expect(unpulled.seen.map((o) => o.phase)).toContain('pulling')
  })

  it('sees its mounts, and cannot write where it may only read', async () => {
    const folder = path.join(stateDir, 'data')
    await mkdir(folder)
    await writeFile(path.join(folder, 'in'), 'from the node\n')
    const replica = await run({
      command: sh('cat /in/in; echo no > /in/in || echo kept; echo out > /out/out; cat /out/out'),
      mounts: [
        { hostPath: folder, containerPath: '/in', readOnly: true },
        { hostPath: folder, containerPath: '/out', readOnly: false },
      ],
    })
    expect(await replica.output()).toEqual(['from the node', 'kept', 'out'])
  })

  it('publishes its port on this machine only, and is ready once healthy', async () => {
    const serve = 'mkdir /www; echo fine > /www/ok; httpd -p 8080 -h /www; while :; do sleep 0.1; done'
    const replica = await run({
      command: sh(`trap "mv /www/ok /www/gone" USR1; ${serve}`),
      ports: [{ containerPort: 8080, hostPort: null }],
      health: {
        kind: 'http',
        port: 8080,
        path: '/ok',
        intervalMs: 250,
        timeoutMs: 1000,
        failures: 2,
        startPeriodMs: 20_000,
      },
    })
    const ready = await replica.phase('ready')
    const [endpoint] = ready.endpoints
    expect(endpoint).toMatchObject({ containerPort: 8080, address: '127.0.0.1' })
    const answer = await fetch(`http://127.0.0.1:${endpoint?.hostPort}/ok`)
    expect(await answer.text()).toBe('fine\n')
    await replica.runtime.signal(replica.key, 'SIGUSR1')
    await until('unhealthy', () => replica.last?.phase === 'running' && replica.last.reason?.code === 'unhealthy')
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 0 })
  })

  it('gives five thousand lines in order over a change of the follower, each once', async () => {
    const replica = await run({ command: sh('i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo $i; done') })
    await until('a part', () => replica.lines.length > 100)
    replica.stopLogs()
    const first = replica.lines.map((line) => line.text)
    const rest = new Followed(newRuntime(), replica.key)
    rest.follow(replica.lines.at(-1)?.atMs ?? 0)
    expect([...first, ...(await rest.output())]).toEqual(Array.from({ length: 5000 }, (_, i) => String(i + 1)))
  })

  it('is not started when it is stopped first', async () => {
    const replica = await run({ command: ['sleep', '300'] })
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 5000 })
    expect(await replica.end()).toMatchObject({ phase: 'exited' })
    await expect(replica.runtime.signal(replica.key, 'SIGUSR1')).rejects.toMatchObject({ code: 'not-running' })
  })
}
