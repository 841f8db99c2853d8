import type { ApiScope, Role } from '@clawbernetes/protocol/permissions'
import type { PlanContent, Risk } from '@clawbernetes/protocol/plans/content'
import { claimRun } from '@clawbernetes/services/chat/claim-run'
import { finishRun, newMessageId } from '@clawbernetes/services/chat/finish-run'
import type { Ctx } from '@clawbernetes/services/context'
import { type FleetWorld, fleetWorld, joinNode, placeWorkload } from '@clawbernetes/services/fleet/testing/fleet-world'
import { createApiKey } from '@clawbernetes/services/identity/create-api-key'
import { proposePlan } from '@clawbernetes/services/plans/propose-plan'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { createApi } from '../app'

export interface ApiWorld extends FleetWorld {
  nodeId: string
  gpuId: string
  workloadId: string
  person(name: string, role: Role): Promise<Ctx>
  key(ctx: Ctx, scopes?: ApiScope[]): Promise<string>
  /** Calls the API as a program does. */
  call(
    token: string | null,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Response>
  plan(ctx: Ctx, risk?: Risk): ReturnType<typeof readPlan>
  /** What the worker would do with the oldest waiting turn. */
  answerTurn(text: string, planId?: string): Promise<void>
}

export const ALL_SCOPES: ApiScope[] = ['read', 'chat', 'propose', 'approve', 'manage']

/** The API over a real Postgres: a node with two GPUs, a workload on one of them, people with roles. */
export async function apiWorld(): Promise<ApiWorld> {
  const world = await fleetWorld()
  process.env.DATABASE_URL = world.url
  const { fetch } = createApi()
  const { nodeId, gpus } = await joinNode(world)
  const gpuId = gpus[0]?.id ?? ''
  const { workloadId } = await placeWorkload(world, { places: [{ nodeId, gpuIds: [gpuId] }] })
  let keys = 0
  return {
    ...world,
    nodeId,
    gpuId,
    workloadId,
    person: async (name, role) => {
      const userId = `usr_${name}`
      await world.db.user.create({ data: { id: userId, name, email: `${name}@example.test` } })
      const createdAt = new Date(Date.now() - 60_000)
      await world.db.member.create({
        data: { id: `mem_${name}`, organizationId: world.orgId, userId, role, createdAt },
      })
      const { actor } = world.ctx(role)
      return { db: world.db, now: world.sys.now, actor: { ...actor, userId, userName: name } }
    },
    key: async (ctx, scopes = ALL_SCOPES) =>
      (await createApiKey({ ctx, input: { name: `key ${keys++}`, scopes, expiresInDays: null } })).token,
    call: (token, method, path, body, headers = {}) =>
      fetch(
        new Request(`http://web.test/api/v1${path}`, {
          method,
          headers: {
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
    plan: async (ctx, risk = 'medium') => {
      const content = cordonPlan(nodeId, risk)
      const { planId } = await proposePlan({
        ctx,
        input: { intent: 'cordon_node', content, threadId: null, runId: null, demo: false },
      })
      return readPlan({ ctx, input: { planId } })
    },
    answerTurn: async (text, planId) => {
      const queued = await world.db.agentRun.findFirstOrThrow({
        where: { state: 'queued' },
        orderBy: { createdAt: 'asc' },
      })
      const run = await claimRun(world.sys, { runId: queued.id })
      if (run === null || run === 'wait') throw new Error('The turn cannot be taken.')
      const choice = { type: 'choice' as const, question: 'More?', options: [{ label: 'Yes', send: 'yes' }] }
      const blocks = planId ? [{ type: 'plan' as const, planId }] : [choice]
      const messageId = newMessageId(world.sys)
      await finishRun(world.sys, run, {
        calls: [],
        untrusted: [],
        text,
        blocks,
        dialogue: {},
        planner: 'embedded',
        error: null,
        messageId,
      })
    },
  }
}

function cordonPlan(nodeId: string, risk: Risk): PlanContent {
  return {
    tool: { name: 'cordon_node', version: 1, args: { node: 'node-01' } },
    title: 'Cordon node-01',
    why: 'Asked for.',
    evidence: [],
    steps: [
      {
        kind: 'cordon-node',
        args: { nodeId, reason: 'test', expiresAt: null },
        title: 'Cordon node-01',
        target: 'node-01',
        estimateS: 1,
        reversible: 'reversible',
        note: null,
      },
    ],
    changes: [{ label: 'node-01', before: 'takes work', after: 'takes no new work' }],
    commands: [],
    notDone: [],
    facts: [],
    affects: { workloads: [], nodes: [{ id: nodeId, name: 'node-01' }], gpus: 0 },
    cost: { perHourMicroUsd: 0, oneOffMicroUsd: 0, arithmetic: 'no change' },
    undo: { possible: true, text: 'Uncordon it.', tool: { name: 'uncordon_node', args: { node: 'node-01' } } },
    risk,
    riskReason: 'a node takes no new work',
    warnings: [],
    durationS: 1,
    editable: [],
    origin: { text: 'cordon node-01', untrusted: [] },
    confirmName: risk === 'high' ? 'node-01' : null,
    ttlS: 1800,
  }
}
