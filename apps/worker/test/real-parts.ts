import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDb, type Db } from '@clawbernetes/db/client'
import { ensurePostgres } from '@clawbernetes/db/embedded'
import { createJoinToken } from '@clawbernetes/services/fleet/create-join-token'
import { systemActor } from '@clawbernetes/services/context'
import { until } from './until'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const WORKER = path.join(ROOT, 'apps/worker/dist/main.js')
const AGENT = path.join(ROOT, 'apps/node-agent/dist/clawbernetes-node.mjs')

export type PartName = 'worker' | 'gateway' | 'agent' | 'postgres'

/** The product's processes on a database of their own, each of which can be killed and started again. */
export interface RealParts {
  db: Db
  url: string
  orgId: string
  /** SIGKILL, no goodbye. */
  kill(part: PartName): Promise<void>
  start(part: PartName): Promise<void>
  close(): Promise<void>
  /** Starts the real agent on this machine as a node of that name, with one container engine or none. Returns its data root. */
  joinReal(name: string, engine: 'docker' | 'podman' | 'none'): Promise<{ dataRoot: string }>
  /** What the processes wrote, for a failing test. */
  output(): string
  /** Simulated training processes that live now. */
  liveProcesses(): Promise<string[]>
}

/** @param demoNodes simulated nodes in one process; 0: none, real ones are joined with `joinReal`. */
export async function realParts({ demoNodes }: { demoNodes: number }): Promise<RealParts> {
  const dir = await mkdtemp(path.join(tmpdir(), 'clawbernetes-kill-'))
  await chmod(dir, 0o755)
  await run('node', ['scripts/bundle.mjs', 'worker'])
  await run('node', ['scripts/bundle.mjs', 'node-agent'])
  const dataDir = path.join(dir, 'pg')
  const pg = await ensurePostgres({ dataDir })
  const url = pg.url.replace(/\/postgres$/, '/torture')
  await run(
    'node',
    [
      '-e',
      `import(${JSON.stringify(path.join(ROOT, 'prisma/migrate.mjs'))}).then((m) => m.migrateDeploy(process.env.DATABASE_URL))`,
    ],
    { DATABASE_URL: url },
  )
  const { db, close: closeDb } = createDb(url, 4)
  const orgId = await organization(db)
  const sys = { db, now: () => new Date() }
  const { token } = await createJoinToken({
    ctx: systemActor(sys, orgId),
    input: { label: 'torture', maxUses: 100, demo: demoNodes > 0 },
  })
  const gatewayPort = await freePort()
  const lines: string[] = []
  const children = new Map<string, ChildProcess>()

  const launch = (part: string, argv: string[], env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, argv, {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: url, LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => lines.push(`[${part}] ${data.toString().trimEnd()}`))
    children.set(part, child)
  }
  const starters: Record<PartName, () => Promise<void>> = {
    worker: async () => launch('worker', [WORKER, '--role', 'worker']),
    gateway: async () => launch('gateway', [WORKER, '--role', 'gateway'], { GATEWAY_PORT: String(gatewayPort) }),
    agent: async () =>
      launch('agent', [
        AGENT,
        'demo',
        '--gateway',
        `http://127.0.0.1:${gatewayPort}`,
        '--token',
        token,
        '--state-dir',
        path.join(dir, 'agents'),
        '--nodes',
        String(demoNodes),
      ]),
    postgres: async () => void (await ensurePostgres({ dataDir })),
  }
  const killPostgres = async () => {
    const pid = Number((await readFile(path.join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])
    process.kill(pid, 'SIGKILL')
    await until('the postmaster is gone', async () => !isAlive(pid))
  }
  const parts: RealParts = {
    db,
    url,
    orgId,
    kill: async (part) => {
      if (part === 'postgres') return killPostgres()
      const child = children.get(part)
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    },
    start: (part) => starters[part](),
    joinReal: async (name, engine) => {
      const dataRoot = path.join(dir, `data-${name}`)
      await mkdir(dataRoot, { recursive: true })
      const stateDir = path.join(dir, `state-${name}`)
      const env = { CLAWBERNETES_CONTAINER_ENGINE: engine }
      await run(
        'node',
        [
          AGENT,
          'join',
          '--server',
          `http://127.0.0.1:${gatewayPort}`,
          '--token',
          token,
          '--name',
          name,
          '--state-dir',
          stateDir,
          '--data-root',
          dataRoot,
          '--no-start',
        ],
        env,
      )
      launch(`agent ${name}`, [AGENT, 'run', '--state-dir', stateDir], env)
      await until(
        `${name} is online`,
        async () => (await db.node.count({ where: { name, status: 'online' } })) === 1,
        60_000,
        () => parts.output(),
      )
      return { dataRoot }
    },
    output: () => lines.slice(-60).join('\n'),
    liveProcesses: () => simProcesses(path.join(dir, 'agents')),
    close: async () => {
      for (const child of children.values()) child.kill('SIGKILL')
      for (const pid of await simProcessIds(path.join(dir, 'agents'))) process.kill(pid, 'SIGKILL')
      await closeDb()
      await pg.stop()
      await rm(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  for (const part of ['gateway', 'worker'] as const) await parts.start(part)
  if (demoNodes === 0) return parts
  await parts.start('agent')
  await until(
    'the nodes are online',
    async () => (await db.node.count({ where: { status: 'online' } })) === demoNodes,
    60_000,
    () => parts.output(),
  )
  return parts
}

async function organization(db: Db): Promise<string> {
  const orgId = 'org_torture'
  await db.organization.create({ data: { id: orgId, name: 'Torture', slug: 'torture' } })
  await db.user.create({ data: { id: 'usr_ana', name: 'Ana', email: 'ana@example.test' } })
  await db.member.create({ data: { id: 'mem_ana', organizationId: orgId, userId: 'usr_ana', role: 'owner' } })
  return orgId
}

function run(command: string, argv: string[], env: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${argv[0]} failed: ${errors.slice(-2000)}`)),
    )
  })
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Processes of replicas below this folder, by their command line: `sim-run <job file>`. */
async function simProcessIds(stateDir: string): Promise<number[]> {
  return (await scan(stateDir)).map((p) => p.pid)
}

async function simProcesses(stateDir: string): Promise<string[]> {
  return (await scan(stateDir)).map((p) => p.command)
}

async function scan(stateDir: string): Promise<{ pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    if (command.includes('sim-run') && command.includes(stateDir))
      found.push({ pid: Number(entry), command: command.replaceAll('\0', ' ') })
  }
  return found
}
