import { rm } from 'node:fs/promises'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FakeGateway, TOKEN } from './fake-gateway'
import { assignment } from './rig'
import { waitFor as waitForIn } from './wait-for'

/** The program itself, as a process of its own, with the real machine driver and the real runtime of plain processes. */
const dist = fileURLToPath(new URL('../dist/', import.meta.url))
mkdirSync(dist, { recursive: true })
// Below the package, so that what is left out of this build is found.
const program = mkdtempSync(join(dist, 'test-'))
const agentFile = join(program, 'agent.mjs')
const env = { ...process.env, CLAWBERNETES_CONTAINER_ENGINE: 'none' }
/** Whole processes on a machine that may be busy with others. */
const waitFor = <T>(what: string, look: () => T | Promise<T>) => waitForIn(what, look, 40_000)
let folder: string
let gateway: FakeGateway
let agent: ChildProcess | null = null

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('../src/main.ts', import.meta.url))],
    outfile: agentFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    external: ['dockerode'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
}, 120_000)
afterAll(() => rm(program, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clawbernetes-process-'))
  mkdirSync(join(folder, 'data'))
  gateway = new FakeGateway()
  await gateway.start()
})
afterEach(async () => {
  gateway.list = []
  // The agent's own clean-up: with an empty list nothing is left running on this machine.
  await stopAgent('SIGTERM')
  await gateway.stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

const cli = async (...args: string[]) => {
  const argv = [agentFile, ...args, '--state-dir', join(folder, 'state')]
  return promisify(execFile)(process.execPath, argv, { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}
const joined = () =>
  cli(
    'join',
    '--server',
    gateway.url,
    '--token',
    TOKEN,
    '--name',
    'proc-test',
    '--data-root',
    join(folder, 'data'),
    '--no-start',
  )

function startAgent(): ChildProcess {
  agent = spawn(process.execPath, [agentFile, 'run', '--state-dir', join(folder, 'state')], { stdio: 'ignore', env })
  return agent
}

async function stopAgent(signal: NodeJS.Signals): Promise<void> {
  if (!agent || agent.exitCode !== null || agent.signalCode !== null) return
  const gone = once(agent, 'exit')
  agent.kill(signal)
  await gone
}

/** Appends its process number once at its start, then a numbered line every 30 ms. */
const ticker = () =>
  assignment('rep_a', {
    spec: {
      workdir: join(folder, 'data'),
      command: [
        process.execPath,
        '-e',
        'require("fs").appendFileSync("starts",process.pid+"\\n");let i=0;setInterval(()=>console.log("line "+(i++)),30)',
      ],
      restart: { policy: 'always', maxRestarts: 5, backoffMs: 100 },
    },
  })
const starts = () =>
  existsSync(join(folder, 'data/starts')) ? readFileSync(join(folder, 'data/starts'), 'utf8').trim().split('\n') : []

describe('the agent as a process', () => {
  it('killed at any moment, comes back to exactly what should run: started once, every line numbered once', async () => {
    expect(await joined()).toMatchObject({ code: 0, stdout: expect.stringContaining('This machine is node proc-test') })
    gateway.list = [ticker()]
    gateway.version = 1
    // From before the first connection to long after the start: each delay kills at another point.
    for (const delayMs of [150, 250, 350, 450, 600, 900]) {
      startAgent()
      const until = Date.now() + delayMs
      await waitFor('the moment to kill', () => Date.now() >= until)
      await stopAgent('SIGKILL')
    }
    startAgent()
    await waitFor('it to be ready', () => gateway.status('rep_a')?.phase === 'ready')
    const seen = gateway.logOf('rep_a').length
    await waitFor('more lines', () => gateway.logOf('rep_a').length > seen + 10)
    expect(starts()).toHaveLength(1)
    expect(gateway.status('rep_a')).toMatchObject({ generation: 1, restarts: 0 })
    expect(gateway.conflicts).toEqual([])
    const lines = gateway.logOf('rep_a').filter((line) => line.stream === 'stdout')
    expect(lines.map((line) => line.text)).toEqual(lines.map((_, i) => `line ${i}`))
    await gateway.push([])
    await waitFor('it to be gone', () => gateway.status('rep_a')?.phase === 'exited')
    await waitFor('its process to be gone', () => !existsSync(`/proc/${starts()[0]}`))
  }, 120_000)

  it('says what it is and does, and what runs goes on when it is told to stop', async () => {
    await joined()
    gateway.list = [ticker()]
    gateway.version = 1
    startAgent()
    await waitFor('it to be ready', () => gateway.status('rep_a')?.phase === 'ready')
    await waitFor('status to say connected', async () => JSON.parse((await cli('status', '--json')).stdout).online)
    const told = JSON.parse((await cli('status', '--json')).stdout)
    expect(told).toMatchObject({
      joined: true,
      name: 'proc-test',
      pid: agent?.pid,
      replicas: [{ replicaId: 'rep_a', phase: 'ready' }],
    })
    expect(JSON.stringify(told)).not.toContain('PRIVATE KEY')
    await stopAgent('SIGTERM')
    expect(agent?.exitCode).toBe(0)
    expect(existsSync(`/proc/${starts()[0]}`)).toBe(true)
    expect((await cli('status')).stdout).toContain('not running')
    gateway.list = []
    gateway.version = 2
    startAgent()
    await waitFor('its process to be gone', () => !existsSync(`/proc/${starts()[0]}`))
  }, 120_000)

  it('refused for good, ends with a code that a service manager does not try again, and says why', async () => {
    await joined()
    gateway.turnAway = { code: 'node-removed', message: 'This node was removed from the fleet.', fatal: true }
    const { code, stderr } = await cli('run')
    expect([code, stderr]).toEqual([78, expect.stringContaining('This node was removed from the fleet.')])
    expect((await cli('status')).stdout).toContain('not running: This node was removed from the fleet.')
  }, 120_000)

  it('says what is wrong with a token, an address, an argument, a machine that has not joined', async () => {
    const at = (...args: string[]) => cli('join', '--no-start', '--data-root', join(folder, 'data'), ...args)
    expect(await at('--server', gateway.url, '--token', 'cbj_wrong_one')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('The join token is not valid.'),
    })
    expect(await at('--server', 'nonsense', '--token', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('http://host:port'),
    })
    expect(await cli('run')).toMatchObject({ code: 78, stderr: expect.stringContaining('Join first') })
    expect(await cli('dance')).toMatchObject({ code: 2, stderr: expect.stringContaining('no command "dance"') })
    expect(await cli('version')).toMatchObject({ code: 0, stdout: expect.stringContaining('protocol 1') })
  }, 120_000)

  it('joined with one command, runs in the background, connected', async () => {
    const { code, stdout } = await cli(
      'join',
      '--server',
      gateway.url,
      '--token',
      TOKEN,
      '--data-root',
      join(folder, 'data'),
    )
    expect(code).toBe(0)
    const pid = Number(/The agent runs \(process (\d+)\) and is connected/.exec(stdout)?.[1])
    expect(gateway.online).toBe(true)
    const again = await cli('join', '--server', gateway.url, '--token', TOKEN, '--data-root', join(folder, 'data'))
    expect(again.stdout).toContain(`running already (process ${pid})`)
    process.kill(pid, 'SIGTERM')
    await waitFor('it to be gone', () => !existsSync(`/proc/${pid}`))
  }, 120_000)
})
