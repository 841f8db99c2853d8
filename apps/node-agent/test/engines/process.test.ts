import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCgroups } from '../../src/runtime/process/cgroups'
import { membersOf } from '../../src/runtime/process/members'
import { processChild, processFiles, processIdentity } from '../../src/runtime/process/process-files'
import { ProcessRuntime } from '../../src/runtime/process/process-runtime'
import { readJsonFile } from '../../src/runtime/shared/json-file'
import { replicaName } from '../../src/runtime/shared/observed'
import type { ReplicaKey } from '../../src/runtime/runtime'
import { bundleScript, Followed, newKey, newSpec, tempDir, until } from './support'

let stateDir: string
let supervisor: string
let agentScript: string
const agents: ChildProcess[] = []
const started: { runtime: ProcessRuntime; key: ReplicaKey }[] = []

beforeAll(async () => {
  stateDir = await tempDir()
  supervisor = await bundleScript('supervise-entry', stateDir)
  agentScript = await bundleScript('agent-entry', stateDir)
})

afterAll(async () => {
  for (const agent of agents) agent.kill('SIGKILL')
  for (const { runtime, key } of started) await runtime.stop(key, { signal: 'SIGTERM', graceMs: 0 })
  await rm(stateDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

const newRuntime = (owner = 'test') =>
  new ProcessRuntime({ stateDir, owner, supervisor: [process.execPath, supervisor], address: null })

const run = (over: Partial<ReplicaSpec>, key = newKey(), runtime = newRuntime()) => {
  started.push({ runtime, key })
  return new Followed(runtime, key).start(newSpec(over))
}

const sh = (script: string, ...args: string[]): string[] => ['sh', '-c', script, 'sh', ...args]
const filesOf = (key: ReplicaKey) => processFiles(path.join(stateDir, 'processes', replicaName(key)))
const childOf = (key: ReplicaKey) => readJsonFile(filesOf(key).child, processChild)
const supervisorOf = (key: ReplicaKey, attempt: number) => readJsonFile(filesOf(key).claim(attempt), processIdentity)

describe('a plain process', () => {
  it('runs, gives its output in order on the right streams, and tells its exit code', async () => {
    const replica = await run({ command: sh('echo one; echo two >&2; echo three; printf four') })
    const end = await replica.end()
    expect(end).toMatchObject({ phase: 'exited', exitCode: 0, signal: null, reason: null })
    expect(await replica.output()).toEqual(['one', 'three', 'four'])
    expect(replica.lines.filter((line) => line.stream === 'stderr').map((line) => line.text)).toEqual(['two'])
    expect(replica.seen.map((o) => o.phase)).toContain('ready')
  })

  it('tells a failure with its exit code, and a signal by name', async () => {
    const failed = await (await run({ command: sh('exit 3') })).end()
    expect(failed).toMatchObject({ phase: 'failed', exitCode: 3, reason: { code: 'exit-code' } })
    const killed = await (await run({ command: sh('kill -SEGV $$') })).end()
    expect(killed).toMatchObject({ phase: 'failed', exitCode: 139, signal: 'SIGSEGV', reason: { code: 'signal' } })
  })

  it('gets its arguments as they are, its own environment and none of the agent’s secrets', async () => {
    process.env['CLAWBERNETES_TEST_SECRET'] = 'do not show'
    const text = 'a "b" $(c) ; d'
    const script =
      'echo "$1"; echo "$GREETING"; echo "[$CLAWBERNETES_TEST_SECRET]"; echo "[$CUDA_VISIBLE_DEVICES]"; echo "$PORT"'
    const replica = await run({
      command: sh(script, text),
      env: { GREETING: 'hello' },
      ports: [{ containerPort: 8000, hostPort: 18_000 }],
    })
    expect(await replica.output()).toEqual([text, 'hello', '[]', '[]', '18000'])
    expect(replica.seen.find((o) => o.phase === 'ready')?.endpoints).toEqual([
      { containerPort: 8000, hostPort: 18_000, address: '127.0.0.1' },
    ])
  })

  it('is stopped with everything it started, also what left its session', async () => {
    const script = 'setsid sleep 300 & sleep 300 & trap "" TERM; echo up; while :; do sleep 300; done'
    const replica = await run({ command: sh(script) })
    await replica.text('up')
    await until('its children', () => membersOf(replica.key, childOf(replica.key)).length >= 4)
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 300 })
    expect(await replica.end()).toMatchObject({
      phase: 'exited',
      exitCode: 137,
      signal: 'SIGKILL',
      reason: { code: 'stopped' },
    })
    expect(membersOf(replica.key, childOf(replica.key))).toEqual([])
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 300 })
  })

  it('may end by itself within the grace', async () => {
    const replica = await run({ command: sh('trap "echo saved; exit 7" TERM; echo up; while :; do sleep 0.05; done') })
    await replica.text('up')
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 10_000 })
    expect(await replica.end()).toMatchObject({ phase: 'exited', exitCode: 7 })
    expect(await replica.output()).toEqual(['up', 'saved'])
  })

  it('leaves nothing behind when its main process ends', async () => {
    const replica = await run({ command: sh('sleep 300 & setsid sleep 300 & exit 0') })
    expect(await replica.end()).toMatchObject({ exitCode: 0 })
    expect(membersOf(replica.key, childOf(replica.key))).toEqual([])
  })

  it('is not run twice by a second start, and its end is told again', async () => {
    const file = path.join(stateDir, 'runs')
    const replica = await run({ command: sh('echo run >> "$1"; echo done', file) })
    await replica.end()
    const again = await new Followed(newRuntime(), replica.key).start(
      newSpec({ command: sh('echo run >> "$1"', file) }),
    )
    expect(await again.end()).toMatchObject({ phase: 'exited', exitCode: 0 })
    expect(readFileSync(file, 'utf8')).toBe('run\n')
    await again.runtime.remove(replica.key)
    expect(existsSync(filesOf(replica.key).dir)).toBe(false)
    const anew = await run({ command: sh('echo run >> "$1"', file) }, replica.key)
    expect(await anew.end()).toMatchObject({ phase: 'exited', exitCode: 0 })
    expect(readFileSync(file, 'utf8')).toBe('run\nrun\n')
  })

  it('gets a signal at its main process', async () => {
    const replica = await run({ command: sh('trap "echo checkpoint" USR1; echo up; while :; do sleep 0.05; done') })
    await replica.text('up')
    await replica.runtime.signal(replica.key, 'SIGUSR1')
    await replica.text('checkpoint')
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 1000 })
    await expect(replica.runtime.signal(replica.key, 'SIGUSR1')).rejects.toMatchObject({ code: 'not-running' })
  })

  it('is ready once its health check passes and not ready after the misses', async () => {
    const server = `
      let healthy = true
      process.on('SIGUSR1', () => { healthy = !healthy })
      require('node:http').createServer((_, response) => response.writeHead(healthy ? 200 : 503).end()).listen(process.env.PORT)`
    const port = 20_000 + Math.floor(Math.random() * 20_000)
    const replica = await run({
      command: [process.execPath, '-e', server],
      ports: [{ containerPort: 8000, hostPort: port }],
      health: {
        kind: 'http',
        port: 8000,
        path: '/health',
        intervalMs: 250,
        timeoutMs: 1000,
        failures: 2,
        startPeriodMs: 10_000,
      },
    })
    await replica.phase('ready')
    expect(replica.seen.map((o) => o.phase)).toContain('running')
    await replica.runtime.signal(replica.key, 'SIGUSR1')
    await until('unhealthy', () => replica.last?.phase === 'running' && replica.last.reason?.code === 'unhealthy')
    await replica.runtime.signal(replica.key, 'SIGUSR1')
    await until('ready again', () => replica.last?.phase === 'ready')
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 1000 })
  })
})

describe('a plain process is refused', () => {
  const cases: [string, Partial<ReplicaSpec>, string][] = [
    ['without a command', { command: [] }, 'command-missing'],
    ['with a program that is not here', { command: ['no-such-program-here'] }, 'command-missing'],
    [
      'with a mount that is not here',
      {
        command: ['true'],
        mounts: [{ hostPath: '/no-such-folder-here', containerPath: '/no-such-folder-here', readOnly: true }],
      },
      'mount-missing',
    ],
    [
      'with a path under another name',
      { command: ['true'], mounts: [{ hostPath: '/tmp', containerPath: '/data', readOnly: true }] },
      'invalid-spec',
    ],
    [
      'with a working directory that is not here',
      { command: ['true'], workdir: '/no-such-folder-here' },
      'mount-missing',
    ],
    ['with a GPU that the driver does not list', { command: ['true'], gpuUuids: ['GPU-none'] }, 'gpu-missing'],
  ]
  it.each(cases)('%s', async (_, over, code) => {
    const runtime = newRuntime()
    const key = newKey()
    await expect(runtime.start(key, newSpec(over), () => {})).rejects.toMatchObject({ code })
    expect((await runtime.list()).some((o) => o.key.replicaId === key.replicaId)).toBe(false)
  })
})

describe('a plain process when others die', () => {
  const startAgent = (key: ReplicaKey, spec: ReplicaSpec) => {
    const agent = spawn(process.execPath, [agentScript, stateDir, supervisor, JSON.stringify({ key, spec })], {
      stdio: 'ignore',
    })
    agents.push(agent)
    started.push({ runtime: newRuntime(), key })
    return agent
  }
  const counting = sh('i=0; while [ $i -lt "$1" ]; do i=$((i+1)); echo line $i; sleep 0.02; done; exit 5', '60')

  it('outlives a killed agent: adopted, with all output and its exit code', async () => {
    const key = newKey()
    const agent = startAgent(key, newSpec({ command: counting }))
    await until('the process', () => childOf(key))
    agent.kill('SIGKILL')
    const adopted = await new Followed(newRuntime(), key).start(newSpec({ command: counting }))
    expect(await adopted.end()).toMatchObject({ phase: 'failed', exitCode: 5 })
    expect(await adopted.output()).toEqual(Array.from({ length: 60 }, (_, i) => `line ${i + 1}`))
    expect(supervisorOf(key, 2)).toBeNull()
  })

  it('tells the exit code of what ended while no agent was there', async () => {
    const key = newKey()
    const agent = startAgent(key, newSpec({ command: sh('sleep 0.5; exit 9') }))
    await until('the process', () => childOf(key))
    agent.kill('SIGKILL')
    await until('the end', () => existsSync(filesOf(key).exit))
    const found = (await newRuntime().list()).find((o) => o.key.replicaId === key.replicaId)
    expect(found).toMatchObject({ phase: 'failed', exitCode: 9 })
  })

  it('is started once when the agent is killed at any moment of the start', async () => {
    for (const afterMs of [0, 40, 80, 120, 160, 220]) {
      const key = newKey()
      const spec = newSpec({ command: sh('echo run >> "$1"; sleep 300', path.join(stateDir, `once-${key.replicaId}`)) })
      const agent = startAgent(key, spec)
      const begunMs = Date.now()
      await until('its moment', () => Date.now() >= begunMs + afterMs)
      agent.kill('SIGKILL')
      const replica = await new Followed(newRuntime(), key).start(spec)
      await replica.phase('ready')
      const again = await new Followed(newRuntime(), key).start(spec)
      await again.phase('ready')
      const runs = await until('its run', () => readText(path.join(stateDir, `once-${key.replicaId}`)))
      expect(runs).toBe('run\n')
      await replica.runtime.stop(key, { signal: 'SIGTERM', graceMs: 0 })
    }
  }, 60_000)

  it('goes on when its supervisor is killed, without losing output; only the exit code is then unknown', async () => {
    const replica = await run({ command: counting })
    await replica.text('line 5')
    process.kill(supervisorOf(replica.key, 1)?.pid ?? 0, 'SIGKILL')
    const end = await replica.end()
    expect(end).toMatchObject({ phase: 'failed', exitCode: null, reason: { code: 'exit-unknown' } })
    expect(await replica.output()).toEqual(Array.from({ length: 60 }, (_, i) => `line ${i + 1}`))
    expect(supervisorOf(replica.key, 2)).not.toBeNull()
  })

  it('is stopped although its supervisor is dead and no agent follows it', async () => {
    const key = newKey()
    const agent = startAgent(key, newSpec({ command: ['sleep', '300'] }))
    await until('the process', () => childOf(key))
    agent.kill('SIGKILL')
    process.kill(supervisorOf(key, 1)?.pid ?? 0, 'SIGKILL')
    const runtime = newRuntime()
    await runtime.stop(key, { signal: 'SIGTERM', graceMs: 2000 })
    expect(membersOf(key, childOf(key))).toEqual([])
    expect((await runtime.list()).find((o) => o.key.replicaId === key.replicaId)).toMatchObject({
      phase: 'exited',
      exitCode: null,
    })
  })

  it('ends as asked although the agent died while it stopped it', async () => {
    const key = newKey()
    const spec = newSpec({ command: ['sleep', '300'] })
    const agent = startAgent(key, spec)
    await until('the process', () => childOf(key))
    agent.kill('SIGKILL')
    await writeFile(filesOf(key).stop, JSON.stringify({ askedAtMs: Date.now() }))
    const next = await new Followed(newRuntime(), key).start(spec)
    expect(await next.end()).toMatchObject({ phase: 'exited', signal: 'SIGTERM', reason: { code: 'stopped' } })
  })

  it('is not mistaken for another process with its number, nor looked for after a reboot', async () => {
    const replica = await run({ command: ['sleep', '300'] })
    await replica.phase('ready')
    const files = filesOf(replica.key)
    const child = childOf(replica.key)
    const other = { ...child, cgroups: [], identity: { ...child?.identity, pid: process.pid } }
    expect(membersOf(newKey(), processChild.parse(other))).toEqual([])
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 0 })
    const order = JSON.parse(readFileSync(files.order, 'utf8')) as object
    await rm(files.exit)
    await rm(files.stop)
    await writeFile(files.order, JSON.stringify({ ...order, bootId: 'an earlier boot' }))
    const found = (await newRuntime().list()).find((o) => o.key.replicaId === replica.key.replicaId)
    expect(found).toMatchObject({ phase: 'failed', exitCode: null, reason: { code: 'machine-restarted' } })
  })

  it('belongs to its owner alone', async () => {
    const replica = await run({ command: ['sleep', '300'] })
    await replica.phase('ready')
    const stranger = newRuntime('another-node')
    expect(await stranger.list()).toEqual([])
    await stranger.stop(replica.key, { signal: 'SIGTERM', graceMs: 0 })
    await expect(stranger.start(replica.key, newSpec({ command: ['true'] }), () => {})).rejects.toMatchObject({
      code: 'start-failed',
    })
    expect(membersOf(replica.key, childOf(replica.key)).length).toBe(1)
    await replica.runtime.stop(replica.key, { signal: 'SIGTERM', graceMs: 0 })
  })
})

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

const cgroups = findCgroups().roots
const hungry = [process.execPath, '-e', 'const held = []; setInterval(() => held.push(Buffer.alloc(8 << 20, 1)), 5)']

describe.skipIf(!cgroups.has('memory') || !cgroups.has('pids'))('limits by cgroups', () => {
  it('ends a process over its memory and says so', async () => {
    const end = await (await run({ command: hungry, memoryMib: 128 })).end()
    expect(end).toMatchObject({
      phase: 'failed',
      exitCode: 137,
      signal: 'SIGKILL',
      oomKilled: true,
      reason: { code: 'oom' },
    })
  })

  it('says that a part was killed for memory although the main process went on', async () => {
    const script = '"$@"; echo "child ended with $?"; exit 0'
    const replica = await run({ command: sh(script, ...hungry), memoryMib: 128 })
    expect(await replica.end()).toMatchObject({ exitCode: 0, oomKilled: true, reason: { code: 'oom' } })
  })

  it('keeps the number of processes', async () => {
    const replica = await run({ command: sh('for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; echo never'), pidsMax: 4 })
    expect(await replica.end()).toMatchObject({ phase: 'failed' })
    await replica.text('ork')
  })

  it('leaves no cgroup behind', async () => {
    const replica = await run({ command: ['true'], memoryMib: 64 })
    await replica.end()
    const folders = childOf(replica.key)?.cgroups ?? []
    expect(folders.length).toBeGreaterThan(0)
    await until('the cgroups gone', () => folders.every((folder) => !existsSync(folder)))
  })
})

if (!cgroups.has('memory')) console.log('limits by cgroups: skipped, this user cannot make cgroups here')

describe('output of a plain process', () => {
  it('goes on from a cursor without a line lost or told twice', async () => {
    const count = 5000
    const replica = await run({
      command: sh('i=0; while [ $i -lt "$1" ]; do i=$((i+1)); echo $i; done', String(count)),
    })
    await until('a part', () => replica.lines.length > 100)
    replica.stopLogs()
    const first = replica.lines.map((line) => line.text)
    const cursor = replica.lines.at(-1)?.atMs ?? 0
    const rest = new Followed(newRuntime(), replica.key)
    rest.follow(cursor)
    expect([...first, ...(await rest.output())]).toEqual(Array.from({ length: count }, (_, i) => String(i + 1)))
    const times = [...replica.lines, ...rest.lines].map((line) => line.atMs)
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true)
  })
})
