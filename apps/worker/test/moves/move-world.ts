import { placeWorkload } from '@clawbernetes/services/workloads/place-workload'
import { startReplicas } from '@clawbernetes/services/workloads/start-replicas'
import { joinNode } from '@clawbernetes/services/fleet/testing/fleet-world'
import { decide } from '@clawbernetes/services/approvals/decide'
import { newId, type Ctx } from '@clawbernetes/services/context'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { trainingSpec } from '@clawbernetes/domain/scenarios/scenario-workload'
import type { GpuInventory } from '@clawbernetes/protocol/node/inventory'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { type AgentWorld, agentWorld } from '../agent-world'
import { ObedientNodes } from '../obedient-nodes'

export interface MoveWorld extends AgentWorld {
  ana: Ctx
  nodes: ObedientNodes
  /** The world that holds the conversation in hand; null as its thread starts a new one. */
  inner: AgentWorld
  /** Runs a workload on a node, on its lowest free GPUs. */
  run(name: string, node: string, spec: WorkloadSpec): Promise<string>
  /** Says a sentence and returns the plan that it drew. */
  propose(text: string): Promise<PlanView>
  plan(planId: string): Promise<PlanView>
  approve(plan: PlanView, typedName?: string): Promise<string>
  /** "running on node-02": status and nodes of what is not closed. */
  where(name: string): Promise<string>
  /** GPUs of a node that are claimed. */
  held(node: string): Promise<number>
}

const card = (node: string, model: string, index: number): GpuInventory => ({
  uuid: `GPU-${node}-${index}`,
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
  linkDomain: `${node}-nvswitch`,
  readability: 'ok',
})

/** Three machines: node-01 and node-02 with four A100 each, node-03 with eight H100; all see the same data. */
export async function moveWorld(): Promise<MoveWorld> {
  const world = await agentWorld()
  const runtimes = [
    { kind: 'container' as const, engine: 'docker', version: '26.1', gpu: 'cdi' as const },
    { kind: 'process' as const, engine: 'process', version: null, gpu: 'native' as const },
  ]
  for (const [name, model, gpus, price] of [
    ['node-01', 'A100-80GB', 4, '1.80'],
    ['node-02', 'A100-80GB', 4, '1.80'],
    ['node-03', 'H100-80GB', 8, '2.90'],
  ] as const)
    await joinNode(world, {
      name,
      hostname: name,
      runtimes,
      gpus: Array.from({ length: gpus }, (_, i) => card(name, model, i)),
      labels: { 'price-per-gpu-hour-usd': price },
    })
  const ana: Ctx = { ...world.ctx(), actor: { ...world.ctx().actor, userId: 'usr_ana', userName: 'ana' } }
  const nodes = new ObedientNodes(world)
  const plan = (planId: string) => readPlan({ ctx: ana, input: { planId } })
  return {
    ...world,
    inner: world,
    say: (text, ctx = ana, context) => world.say(text, ctx, context),
    ana,
    nodes,
    plan,
    run: (name, node, spec) => run(world, nodes, name, node, spec),
    propose: async (text) => {
      const answer = await world.say(text, ana)
      const planId = answer.blocks.find((b) => b.type === 'plan')?.planId
      if (!planId) throw new Error(`no plan came of "${text}": ${answer.text} ${answer.error ?? ''}`)
      return plan(planId)
    },
    approve: async ({ id }, typedName) => {
      const now = await plan(id)
      const input = { planId: id, revision: now.revision, digest: now.digest, decision: 'approve' as const }
      return (await decide({ ctx: ana, input: { ...input, typedName: typedName ?? null } })).state
    },
    where: async (name) => {
      const workload = await world.db.workload.findFirstOrThrow({
        where: { name },
        include: { replicas: { where: { closedAt: null }, include: { node: true }, orderBy: { ordinal: 'asc' } } },
      })
      const on = workload.replicas.map((r) => r.node.name).join(', ')
      return on ? `${workload.status} on ${on}` : workload.status
    },
    held: (name) => world.db.reservation.count({ where: { releasedAt: null, gpu: { node: { name } } } }),
  }
}

async function run(world: AgentWorld, nodes: ObedientNodes, name: string, node: string, spec: WorkloadSpec) {
  const at = await world.db.node.findFirstOrThrow({
    where: { name: node },
    include: { gpus: { orderBy: { index: 'asc' }, include: { reservations: { where: { releasedAt: null } } } } },
  })
  const gpus = at.gpus.filter((gpu) => gpu.reservations.length === 0).slice(0, spec.gpusPerReplica)
  const workloadId = newId('workload', new Date())
  const places = [
    { ordinal: 0, nodeId: at.id, nodeName: node, gpuIds: gpus.map((g) => g.id), gpuUuids: gpus.map((g) => g.uuid) },
  ]
  await placeWorkload(world.sys, {
    orgId: world.orgId,
    ownerId: 'usr_ana',
    planId: null,
    stepId: `place-${name}`,
    args: { workloadId, name, spec, places },
  })
  await startReplicas(world.sys, { orgId: world.orgId, stepId: `start-${name}`, args: { workloadId, places } })
  await nodes.settle()
  return workloadId
}

/** A training on this many GPUs that saves itself. */
export const training = (
  name: string,
  gpus: number,
  placement: Partial<WorkloadSpec['placement']> = {},
): WorkloadSpec =>
  trainingSpec({
    name,
    model: 'meta-llama/Meta-Llama-3-8B',
    paramsB: 8,
    method: 'lora',
    gpus,
    data: '/data/training',
    batchSize: 4,
    seqLen: 2048,
    epochs: 2,
    image: 'pytorch/pytorch:2.6.0',
    placement,
  })

/** Something on one GPU that keeps no checkpoints. */
export const job = (kind: WorkloadSpec['kind'] = 'batch'): WorkloadSpec => ({
  ...training('x', 1),
  kind,
  command: ['python', 'work.py'],
  mounts: [],
  checkpoint: null,
  training: null,
})
