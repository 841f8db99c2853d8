import { type FleetWorld, fleetWorld, joinNode } from '@clawbernetes/services/fleet/testing/fleet-world'
import { sendMessage } from '@clawbernetes/services/chat/send-message'
import type { Ctx } from '@clawbernetes/services/context'
import type { Role } from '@clawbernetes/protocol/roles'
import type { PageContext } from '@clawbernetes/protocol/views/chat'
import type { GpuInventory } from '@clawbernetes/protocol/node/inventory'
import pino from 'pino'
import { runAgent } from '../src/agent/run-agent'
import { runStep } from '../src/plans/run-step'

const silent = pino({ level: 'silent' })

export interface SaidBlock {
  type: string
  planId?: string
  question?: string
  options?: { label: string; send: string }[]
}

/** An organisation with members and nodes on a real Postgres; jobs are run by hand, one after the other. */
export interface AgentWorld extends FleetWorld {
  threadId: string | null
  /** A member with a role, who may talk and decide. */
  member(role: Role, name: string): Promise<Ctx>
  /** Sends a message and runs the agent's turn; returns its answer. */
  say(
    text: string,
    ctx?: Ctx,
    context?: PageContext,
  ): Promise<{ text: string; blocks: SaidBlock[]; tools: string[]; error: string | null }>
  /** Runs jobs that are due until none is, or as many as asked for. */
  runDueJobs(most?: number): Promise<number>
}

export async function agentWorld(): Promise<AgentWorld> {
  const base = await fleetWorld()
  const world: AgentWorld = {
    ...base,
    threadId: null,
    member: async (role, name) => {
      const userId = `usr_${name}`
      await base.db.user.upsert({
        where: { id: userId },
        create: { id: userId, name, email: `${name}@example.test` },
        update: {},
      })
      await base.db.member.create({
        data: { id: `mem_${name}`, organizationId: base.orgId, userId, role, createdAt: new Date() },
      })
      return {
        db: base.db,
        now: base.sys.now,
        actor: { kind: 'person', userId, userName: name, orgId: base.orgId, role, via: 'web' },
      }
    },
    say: async (text, ctx, context) => {
      const speaker = ctx ?? owner
      const sent = await sendMessage({
        ctx: speaker,
        input: { threadId: world.threadId, text, clientKey: `key-${Math.random()}`, context: context ?? null },
      })
      world.threadId = sent.threadId
      await runAgent(base.sys, sent.runId, silent)
      const message = await base.db.message.findFirstOrThrow({ where: { runId: sent.runId } })
      const calls = await base.db.toolCall.findMany({ where: { runId: sent.runId }, orderBy: { ordinal: 'asc' } })
      return {
        text: message.text,
        blocks: message.blocks as unknown as SaidBlock[],
        tools: calls.map((c) => c.name),
        error: message.error,
      }
    },
    runDueJobs: (most) => runDueJobs(base, most),
  }
  const owner = await world.member('owner', 'ana')
  return world
}

async function runDueJobs(world: FleetWorld, most = Number.POSITIVE_INFINITY): Promise<number> {
  for (let ran = 0; ; ran++) {
    if (ran >= most) return ran
    const [job] = await world.db.$queryRaw<
      { id: string; task: string; payload: { stepId?: string; runId?: string } }[]
    >`
      select j.id::text, t.identifier as task, j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where j.run_at <= now() and j.locked_at is null order by j.run_at, j.id limit 1`
    if (!job) return ran
    await world.db.$executeRaw`delete from graphile_worker._private_jobs where id = ${job.id}::bigint`
    if (job.task === 'plan-step') await runStep(world.sys, job.payload.stepId ?? '')
    else if (job.task === 'agent-run') await runAgent(world.sys, job.payload.runId ?? '', silent)
  }
}

const card = (name: string, model: string, index: number): GpuInventory => ({
  uuid: `GPU-${name}-${index}`,
  index,
  vendor: 'nvidia',
  name: model,
  model,
  memoryMib: 81_920,
  pciBusId: null,
  serial: null,
  slowdownTempC: 87,
  shutdownTempC: 92,
  slowdownMarginC: null,
  powerLimitW: 400,
  migEnabled: false,
  linkDomain: 'nv0',
  readability: 'ok',
})

/** Two machines as in the first use case: node-01 with the data, node-02 larger and without it. */
export async function joinTrainingNodes(world: FleetWorld): Promise<{ node01: string; node02: string }> {
  const runtimes = [{ kind: 'container' as const, engine: 'docker', version: '26.1', gpu: 'cdi' as const }]
  const labels = { 'price-per-gpu-hour-usd': '1.80' }
  const first = await joinNode(world, {
    name: 'node-01',
    hostname: 'node-01',
    gpus: [0, 1, 2, 3].map((i) => card('01', 'A100-80GB', i)),
    runtimes,
    labels,
  })
  const second = await joinNode(world, {
    name: 'node-02',
    hostname: 'node-02',
    gpus: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => card('02', 'H100-80GB', i)),
    runtimes,
    labels,
    dataPaths: [],
  })
  return { node01: first.nodeId, node02: second.nodeId }
}
