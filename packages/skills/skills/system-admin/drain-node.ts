import { place } from '@clawbernetes/domain/placement/place'
import type { Stuck } from '@clawbernetes/domain/placement/plan-moves'
import type { FleetSnapshot, SnapshotGpu, SnapshotNode } from '@clawbernetes/domain/placement/snapshot'
import { placementRequest } from '@clawbernetes/domain/workloads/placement-request'
import type { PlanContent, PlanFact } from '@clawbernetes/protocol/plans/content'
import type { PlannedStep } from '@clawbernetes/protocol/plans/steps'
import { listFindings } from '@clawbernetes/services/diagnosis/list-findings'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import { stepEstimates } from '@clawbernetes/services/plans/step-estimates'
import { type LiveWorkload, liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { lastSteps } from '../../src/moves/last-steps'
import { affected, moveChanges, moveCost, moveFacts, moveWarnings, stuckBlocks } from '../../src/moves/move-card'
import { claimSteps, MOVE_STEPS, type MovePlan, moveSteps, nodesTo } from '../../src/moves/move-steps'
import { planLeaving } from '../../src/moves/plan-leaving'
import { type Preview, type ToolContext, type Turn, writeTool } from '../../src/registry/define-tool'
import { findGpu, findNodes, nodeOrNodes } from '../../src/registry/find-node'
import { askedFor, count, OPERATOR, planCard, step, uniqueFacts } from '../../src/registry/plan-card'
import { gpuSlot } from '../../src/registry/slots'
import { cordonFacts } from './cordon-node'

/** After the last workload has left, nothing should be there; a straggler is told, not waited for for ever. */
const EMPTY_TIMEOUT_MS = 120_000

const input = z.object({
  node: nodeOrNodes,
  isolate_gpu: gpuSlot.optional(),
  checkpoint: z.enum(['yes', 'no']).optional().describe('save training first; yes unless said otherwise'),
})
type Args = z.output<typeof input>

export const drainNode = writeTool({
  kind: 'write',
  name: 'drain_node',
  skill: 'system-admin',
  version: 1,
  title: 'Planned a drain',
  description:
    'Empty a node: cordon it, move every workload to a place that is claimed first, and, when asked for, isolate one of its GPUs.',
  input,
  risk: 'medium',
  authorize: OPERATOR,
  steps: ['cordon-node', ...MOVE_STEPS, 'await-node-empty', 'isolate-gpu'],
  verify: 'Every moved workload runs in its new place, nothing is left on the node, and the GPU is out of service.',
  undo: { tool: 'uncordon_node', words: 'Uncordon the node and return the GPU; moved workloads stay where they are.' },
  preview,
})

interface Drain {
  args: Args
  nodes: SnapshotNode[]
  gpu: SnapshotGpu | null
  live: LiveWorkload[]
  moves: MovePlan[]
  snapshot: FleetSnapshot
}

async function preview(args: Args, tool: ToolContext): Promise<Preview> {
  const { ctx, turn } = tool
  const [snapshot, all] = await Promise.all([readFleet({ ctx }), liveWorkloads({ ctx, input: {} })])
  const found = findNodes(snapshot, args.node ?? turn.focus.node, 'drain')
  if ('question' in found) return { ok: false, question: found.question }
  const { nodes } = found
  const [node] = nodes
  const gpu = args.isolate_gpu === undefined || !node ? null : findGpu(node, args.isolate_gpu, 'isolate')
  if (gpu && 'question' in gpu) return { ok: false, question: gpu.question }
  const offline = nodes.find((n) => !n.online)
  if (offline)
    return refuse(
      `${offline.name} is offline: what runs there cannot be saved or seen to end. Nothing is moved blindly.`,
    )
  const leave = new Set(nodes.map((n) => n.id))
  const live = all.filter((w) => w.replicas.some((r) => leave.has(r.nodeId)))
  const busy = live.find((w) => w.status === 'stopping' || w.replicas.length === 0)
  if (busy) return refuse(`${busy.name} is ${busy.status}. Ask again when that is over.`)
  const names = nodes.map((n) => n.name)
  const { moves, stuck } = planLeaving(live, snapshot, {
    leave,
    to: null,
    exclude: names,
    checkpoint: args.checkpoint !== 'no',
  })
  if (stuck.length > 0)
    return {
      ok: false,
      say: `I can't drain ${names.join(', ')} without breaking something: ${stuck.map((s) => `${s.workload.name} has no place (${lower(s.reason)})`).join('; ')}. Nothing was changed.`,
      blocks: stuckBlocks(stuck, snapshot),
      options: [
        ...names.slice(0, 1).map((n) => ({ label: `Cordon ${n} and let the work end`, send: `cordon ${n}` })),
        ...(gpu && node ? [isolateOption(node, gpu.gpu)] : []),
        ...stuck.slice(0, 2).flatMap((s) => elsewhere(s, names, snapshot)),
        ...stuck.slice(0, 2).map((s) => ({ label: `Stop ${s.workload.name} first`, send: `stop ${s.workload.name}` })),
      ],
    }
  const drain: Drain = { args, nodes, gpu: gpu?.gpu ?? null, live, moves, snapshot }
  return {
    ok: true,
    demo: nodes.every((n) => n.demo),
    focus: { node: node?.name, ...(gpu ? { gpu: gpu.gpu.index } : {}) },
    say: sentence(drain),
    content: await content(drain, tool),
    blocks:
      gpu && node
        ? [{ type: 'choice', question: 'Or the narrower step', options: [isolateOption(node, gpu.gpu)] }]
        : [],
  }
}

const refuse = (say: string): Preview => ({ ok: false, say, blocks: [], options: [] })
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
/** A workload that is only bound to the node by its own rule may be sent elsewhere by a person's word. */
function elsewhere({ workload }: Stuck, leave: readonly string[], snapshot: FleetSnapshot) {
  const request = placementRequest(workload.spec)
  const free = place({ ...request, nodes: null, excludeNodes: [...leave] }, snapshot).places[0]
  return request.nodes !== null && free
    ? [{ label: `Move ${workload.name} to ${free.nodeName} first`, send: `move ${workload.name} to ${free.nodeName}` }]
    : []
}

const isolateOption = (node: SnapshotNode, gpu: SnapshotGpu) => ({
  label: `Isolate GPU ${gpu.index} of ${node.name} only`,
  send: `isolate gpu ${gpu.index} on ${node.name}`,
})

function sentence({ nodes, gpu, moves }: Drain): string {
  const names = nodes.map((n) => n.name).join(', ')
  const targets = [...new Set(moves.map(nodesTo))].join(', ')
  const moving =
    moves.length === 0
      ? `Nothing runs on ${names}.`
      : `Draining ${names} moves ${count(moves.length, 'workload')} to ${targets}: ${moves.map((m) => m.workload.name).join(', ')}.`
  const then = `${names} would be cordoned${gpu ? ` and GPU ${gpu.index} isolated` : ''}.`
  return `${moving} ${then} Approve the plan to do it.`
}

type Estimates = Awaited<ReturnType<typeof stepEstimates>>

async function content(d: Drain, { ctx, turn }: ToolContext): Promise<PlanContent> {
  const { nodes, gpu, moves, snapshot, live } = d
  const names = nodes.map((n) => n.name)
  const [estimates, at, findings] = await Promise.all([
    stepEstimates({ ctx }),
    lastSteps(ctx, live),
    Promise.all(nodes.map((n) => listFindings({ ctx, input: { nodeId: n.id } }))),
  ])
  const steps = drainSteps(d, ctx.actor.userName, estimates)
  const known = steps.map((s) => s.estimateS)
  const back = { node: names, ...(gpu ? { return_gpu: gpu.index } : {}) }
  return planCard({
    tool: { name: 'drain_node', args: { node: names, ...(gpu ? { isolate_gpu: gpu.index } : {}), ...pick(d.args) } },
    turn,
    title: `Drain ${names.join(', ')}${gpu ? `, isolate GPU ${gpu.index}` : ''}`,
    why: why(d, turn),
    evidence: findings
      .flat()
      .filter((f) => gpu === null || f.gpuId === null || f.gpuId === gpu.id)
      .slice(0, 6)
      .map((f) => ({
        text: `${f.title}. ${f.detail}`.slice(0, 300),
        href: `/nodes/${f.nodeName}`,
        at: new Date(f.lastSeenAtMs).toISOString(),
      })),
    steps,
    changes: [
      ...nodes.map((n) => ({ label: n.name, before: n.blocked ?? 'takes new work', after: 'cordoned and empty' })),
      ...moveChanges(moves, at),
      ...(gpu
        ? [{ label: `GPU ${gpu.index} of ${names[0]}`, before: gpu.unusable ?? 'in service', after: 'isolated' }]
        : []),
    ].slice(0, 60),
    facts: uniqueFacts([...nodes.flatMap((n) => nodeFacts(n, live)), ...moveFacts(moves, live, snapshot)]),
    affects: {
      workloads: affected(moves, live),
      nodes: nodes.map((n) => ({ id: n.id, name: n.name })),
      gpus: nodes.flatMap((n) => n.gpus).length,
    },
    cost: moveCost(moves, snapshot),
    notDone: notDone(d),
    undo: {
      possible: true,
      text: `Uncordon ${names.join(', ')}${gpu ? ` and return GPU ${gpu.index} to service` : ''}. Moved workloads stay where they are.`,
      tool: { name: 'uncordon_node', args: back },
    },
    risk: 'medium',
    riskReason: `${count(moves.length, 'workload')} restart${moves.length === 1 ? 's' : ''} elsewhere; ${count(nodes.length, 'node')} take${nodes.length === 1 ? 's' : ''} no new work.`,
    warnings: moveWarnings(moves),
    durationS: known.every((s) => s !== null) ? known.reduce<number>((sum, s) => sum + (s ?? 0), 0) : null,
    editable: editable(d),
  })
}

/** All nodes are closed first, all places claimed before anything ends; then one workload after the other, and a look at the end. */
function drainSteps({ nodes, gpu, moves }: Drain, by: string, estimates: Estimates): PlannedStep[] {
  const [node] = nodes
  const reason = `Drained by ${by}${gpu ? ` to diagnose GPU ${gpu.index}` : ''}; next: uncordon it when that is done`
  return [
    ...nodes.map((n) =>
      step(
        'cordon-node',
        { nodeId: n.id, reason: reason.slice(0, 200), expiresAt: null },
        { title: `Keep new work from ${n.name}`, target: n.name, estimateS: estimates['cordon-node'] },
      ),
    ),
    ...claimSteps(moves, estimates),
    ...moves.flatMap((m) => moveSteps(m, estimates)),
    ...nodes.map((n) =>
      step(
        'await-node-empty',
        { nodeId: n.id, timeoutMs: EMPTY_TIMEOUT_MS },
        { title: `See that nothing is left on ${n.name}`, target: n.name, estimateS: estimates['await-node-empty'] },
      ),
    ),
    ...(gpu && node
      ? [
          step(
            'isolate-gpu',
            { nodeId: node.id, gpuId: gpu.id, reason: `Isolated by ${by} for diagnostics`.slice(0, 200) },
            {
              title: `Isolate GPU ${gpu.index} of ${node.name}`,
              target: node.name,
              estimateS: estimates['isolate-gpu'],
            },
          ),
        ]
      : []),
  ]
}

const nodeFacts = (n: SnapshotNode, live: readonly LiveWorkload[]): PlanFact[] => [
  ...cordonFacts(n),
  { kind: 'node-online', id: n.id, value: true, text: `${n.name} is online` },
  { kind: 'node-workloads', id: n.id, value: onNode(live, n.id), text: `What runs on ${n.name}` },
]

const pick = ({ checkpoint }: Args) => (checkpoint === undefined ? {} : { checkpoint })

const onNode = (live: readonly LiveWorkload[], nodeId: string): string =>
  live
    .filter((w) => w.replicas.some((r) => r.nodeId === nodeId))
    .map((w) => w.name)
    .sort()
    .join(', ') || 'none'

/** A node is emptied for one GPU only where its diagnosis can stop the others; where it can't, the narrower step is told first. */
function why({ gpu, nodes }: Drain, turn: Turn): string {
  const asked = askedFor(turn)
  if (!gpu) return asked
  const linked =
    nodes[0]?.gpus.filter((g) => g.id !== gpu.id && g.linkDomain !== null && g.linkDomain === gpu.linkDomain) ?? []
  return linked.length > 0
    ? `${asked} Diagnostics of GPU ${gpu.index} end with a reset, and ${count(linked.length, 'other GPU')} of this board ${linked.length === 1 ? 'is' : 'are'} linked with it: a reset stops every process on them. So the node is emptied first. Where no reset is needed, isolating GPU ${gpu.index} alone is enough.`
    : `${asked} GPU ${gpu.index} is linked with no other GPU of this node: isolating it alone would be enough.`
}

function notDone({ gpu, nodes }: Drain): string[] {
  const list = ['No diagnostics and no reset are run. The node stays cordoned until somebody lifts it.']
  if (gpu)
    list.push(
      `The narrower choice stands beside it: isolate GPU ${gpu.index} of ${nodes[0]?.name} alone, and nothing moves.`,
    )
  return list
}

function editable({ nodes, gpu, args, moves }: Drain): PlanContent['editable'] {
  const [node] = nodes
  const list: PlanContent['editable'] = []
  if (node && nodes.length === 1 && node.gpus.length > 0)
    list.push({
      name: 'isolate_gpu',
      label: 'Isolate GPU',
      input: 'choice',
      value: gpu ? String(gpu.index) : null,
      choices: node.gpus.map((g) => ({ value: String(g.index), label: `GPU ${g.index}` })),
      min: null,
      max: null,
    })
  if (moves.some((m) => m.workload.spec.checkpoint))
    list.push({
      name: 'checkpoint',
      label: 'Save a checkpoint first',
      input: 'choice',
      value: args.checkpoint ?? 'yes',
      choices: [
        { value: 'yes', label: 'Yes' },
        { value: 'no', label: 'No, go on from the last one' },
      ],
      min: null,
      max: null,
    })
  return list
}
