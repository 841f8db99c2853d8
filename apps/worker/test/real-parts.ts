import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createJoinToken } from '@clawbernetes/services/fleet/create-join-token'
import { type Ctx, systemActor } from '@clawbernetes/services/context'
import { freePort } from '@clawbernetes/services/testing/free-port'
import { type ScratchServer, scratchServer } from '@clawbernetes/services/testing/scratch-server'
import { until } from './until'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const WORKER = path.join(ROOT, 'apps/worker/dist/main.js')
const AGENT = path.join(ROOT, 'apps/node-agent/dist/clawbernetes-node.mjs')

export type PartName = 'worker' | 'gateway' | 'agent' | 'postgres'

/** The product's processes on a database of their own, each of which can be killed and started again. */
export class RealParts {
  private readonly lines: string[] = []
  private readonly children = new Map<string, ChildProcess>()

  get db(): ScratchServer['db'] {
    return this.server.db
  }

  private constructor(
    private readonly server: ScratchServer,
    readonly orgId: string,
    private readonly dir: string,
    private readonly token: string,
    private readonly gatewayPort: number,
    private readonly fleet: readonly string[],
  ) {}

  /**
   * @param demoNodes simulated nodes in one process; 0: none, real ones are joined with `joinReal`.
   * @param scenario the world of that name instead, with its workloads
   */
  static async open({ demoNodes, scenario }: { demoNodes: number; scenario?: string }): Promise<RealParts> {
    const dir = await mkdtemp(path.join(tmpdir(), 'clawbernetes-parts-'))
    await chmod(dir, 0o755)
    await run('node', ['scripts/bundle.mjs', 'worker'])
    await run('node', ['scripts/bundle.mjs', 'node-agent'])
    const server = await scratchServer(path.join(dir, 'pg'))
    const { db } = server
    const orgId = await organization(db)
    const ctx = systemActor({ db, now: () => new Date() }, orgId)
    const { token } = await createJoinToken({ ctx, input: { label: 'parts', maxUses: 100, demo: demoNodes > 0 } })
    const fleet = scenario ? ['--scenario', scenario] : ['--nodes', String(demoNodes)]
    const parts = new RealParts(server, orgId, dir, token, await freePort(), fleet)
    if (scenario)
      await db.orgSettings.upsert({
        where: { organizationId: orgId },
        create: { organizationId: orgId, demoScenario: scenario },
        update: { demoScenario: scenario },
      })
    for (const part of ['gateway', 'worker'] as const) await parts.start(part)
    if (demoNodes > 0) {
      await parts.start('agent')
      await parts.untilOnline(demoNodes)
    }
    return parts
  }

  async start(part: PartName): Promise<void> {
    const { gatewayPort } = this
    if (part === 'postgres') await this.server.start()
    if (part === 'worker') this.launch('worker', [WORKER, '--role', 'worker'])
    if (part === 'gateway') this.launch('gateway', [WORKER, '--role', 'gateway'], { GATEWAY_PORT: String(gatewayPort) })
    if (part === 'agent') {
      const where = ['--gateway', `http://127.0.0.1:${gatewayPort}`, '--state-dir', path.join(this.dir, 'agents')]
      this.launch('agent', [AGENT, 'demo', ...where, '--token', this.token, ...this.fleet])
    }
  }

  /** Ana, who owns the organisation, in the web app. */
  owner(): Ctx {
    const ana = { kind: 'person', userId: 'usr_ana', userName: 'Ana', role: 'owner', via: 'web' } as const
    return { db: this.db, now: () => new Date(), actor: { ...ana, orgId: this.orgId } }
  }

  /** SIGKILL, no goodbye. */
  async kill(part: PartName): Promise<void> {
    if (part === 'postgres') return this.killPostgres()
    const child = this.children.get(part)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  /** Starts the real agent on this machine as a node of that name, with one container engine or none. */
  async joinReal(name: string, engine: 'docker' | 'podman' | 'none'): Promise<void> {
    const dataRoot = path.join(this.dir, `data-${name}`)
    await mkdir(dataRoot, { recursive: true })
    const stateDir = path.join(this.dir, `state-${name}`)
    const env = { CLAWBERNETES_CONTAINER_ENGINE: engine }
    const who = ['--server', `http://127.0.0.1:${this.gatewayPort}`, '--token', this.token, '--name', name]
    await run('node', [AGENT, 'join', ...who, '--state-dir', stateDir, '--data-root', dataRoot, '--no-start'], env)
    this.launch(`agent ${name}`, [AGENT, 'run', '--state-dir', stateDir], env)
    const online = async () => (await this.db.node.count({ where: { name, status: 'online' } })) === 1
    await until(`${name} is online`, online, 60_000, () => this.output())
  }

  /** What the processes wrote, for a failing test. */
  output(): string {
    return this.lines.slice(-60).join('\n')
  }

  /** Simulated processes of replicas that live now, by their command lines. */
  async liveProcesses(): Promise<string[]> {
    return (await simProcesses(path.join(this.dir, 'agents'))).map((p) => p.command)
  }

  async close(): Promise<void> {
    for (const child of this.children.values()) child.kill('SIGKILL')
    for (const { pid } of await simProcesses(path.join(this.dir, 'agents'))) process.kill(pid, 'SIGKILL')
    await this.server.close()
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 })
  }

  private launch(name: string, argv: string[], env: Record<string, string> = {}): void {
    const child = spawn(process.execPath, argv, {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: this.server.url, LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => this.lines.push(`[${name}] ${data.toString().trimEnd()}`))
    this.children.set(name, child)
  }

  private async killPostgres(): Promise<void> {
    const pid = await this.server.pid()
    process.kill(pid, 'SIGKILL')
    await until('the postmaster is gone', async () => !isAlive(pid))
  }

  private async untilOnline(nodes: number): Promise<void> {
    const online = async () => (await this.db.node.count({ where: { status: 'online' } })) === nodes
    await until('the nodes are online', online, 180_000, () => this.output())
  }
}

async function organization(db: ScratchServer['db']): Promise<string> {
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

/** Processes of replicas below this folder: `sim-run <job file>`. */
async function simProcesses(stateDir: string): Promise<{ pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const command = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    if (command.includes('sim-run') && command.includes(stateDir))
      found.push({ pid: Number(entry), command: command.replaceAll('\0', ' ') })
  }
  return found
}
