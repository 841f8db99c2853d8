import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Assignment, ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { startAgent } from '../src/agent'
import { silentLog } from '../src/agent-log'
import type { Agent, AgentOptions } from '../src/agent-options'
import { systemClock } from '../src/clock'
import { enrolNode } from '../src/enrol'
import { FakeGateway, TOKEN } from './fake-gateway'
import { FakeMachine } from './fake-machine'
import { TinyRuntime } from './tiny-runtime'
import { waitFor } from './wait-for'

/** Prints a numbered line every 20 ms until it is told to stop; every line begins with its time. */
export const TICKER = [
  'node',
  '-e',
  'let i=0;setInterval(()=>console.log(Date.now()+" line "+(i++)),20);process.on("SIGTERM",()=>process.exit(0))',
]

export function spec(patch: Partial<ReplicaSpec> = {}): ReplicaSpec {
  return {
    runtime: 'process',
    image: null,
    command: ['sleep', '600'],
    env: {},
    workdir: null,
    mounts: [],
    ports: [],
    gpuUuids: [],
    memoryMib: null,
    cpus: null,
    shmMib: null,
    pidsMax: null,
    health: null,
    restart: { policy: 'never', maxRestarts: 0, backoffMs: 0 },
    stop: { signal: 'SIGTERM', graceMs: 2_000 },
    checkpoint: null,
    ...patch,
  }
}

export function assignment(
  replicaId: string,
  patch: Partial<Omit<Assignment, 'spec'>> & { spec?: Partial<ReplicaSpec> } = {},
): Assignment {
  return {
    replicaId,
    workloadId: 'wl_1',
    workloadName: 'test',
    generation: 1,
    desired: 'run',
    ...patch,
    spec: spec(patch.spec),
  }
}

/** One gateway, one machine, one agent that can be stopped and started on the same state folder. */
export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), 'clawbernetes-agent-'))
  readonly gateway = new FakeGateway()
  readonly machine = new FakeMachine()
  readonly runtime = new TinyRuntime(join(this.folder, 'runtime'))
  agent: Agent | null = null

  options(patch: Partial<AgentOptions> = {}): AgentOptions {
    return {
      gatewayUrl: this.gateway.url,
      stateDir: join(this.folder, 'state'),
      driver: this.machine,
      runtimes: [this.runtime],
      dataRoots: [join(this.folder, 'data')],
      labels: { zone: 'a' },
      name: 'Test Box',
      log: silentLog,
      // Reconnects at once: waiting for the back-off is not what these tests are about.
      clock: { ...systemClock, random: () => 0.02 },
      ...patch,
    }
  }

  async start(patch: Partial<AgentOptions> = {}): Promise<Agent> {
    if (this.gateway.port === 0) await this.gateway.start()
    await enrolNode(this.options(patch), TOKEN)
    this.agent = await startAgent(this.options(patch))
    return this.agent
  }

  async online(patch: Partial<AgentOptions> = {}): Promise<Agent> {
    const agent = await this.start(patch)
    await waitFor('the agent to be online', () => agent.online() && this.gateway.online)
    return agent
  }

  async close(): Promise<void> {
    await this.agent?.stop()
    await this.gateway.stop()
    this.runtime.dispose()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
