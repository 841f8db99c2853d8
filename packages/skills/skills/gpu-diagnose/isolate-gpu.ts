import type { FleetSnapshot, SnapshotGpu, SnapshotNode } from '@clawbernetes/domain/placement/snapshot'
import { listFindings } from '@clawbernetes/services/diagnosis/list-findings'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import { liveWorkloads } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { findGpu, findNodes } from '../../src/registry/find-node'
import { OPERATOR, planCard, step } from '../../src/registry/plan-card'
import { gpuSlot, nodeSlot } from '../../src/registry/slots'

const input = z.object({ node: nodeSlot.optional(), gpu: gpuSlot.optional() })
type Args = z.output<typeof input>

export const isolateGpu = writeTool({
  kind: 'write',
  name: 'isolate_gpu',
  skill: 'gpu-diagnose',
  version: 1,
  title: 'Planned to isolate a GPU',
  description: 'Take one GPU out of service: new work avoids it, what runs on it goes on until it ends.',
  input,
  risk: 'medium',
  authorize: OPERATOR,
  steps: ['isolate-gpu'],
  verify: 'The GPU is marked, and placement no longer offers it.',
  undo: { tool: 'return_gpu', words: 'Return it to service.' },
  preview: previewIsolate,
})

export const returnGpu = writeTool({
  kind: 'write',
  name: 'return_gpu',
  skill: 'gpu-diagnose',
  version: 1,
  title: 'Planned to return a GPU',
  description: 'Put an isolated GPU back into service.',
  input,
  risk: 'medium',
  authorize: OPERATOR,
  steps: ['return-gpu'],
  verify: 'The GPU is no longer marked, and placement offers it again.',
  undo: { tool: 'isolate_gpu', words: 'Isolate it again; work that started on it meanwhile goes on.' },
  preview: previewReturn,
})

type Found = { node: SnapshotNode; gpu: SnapshotGpu; snapshot: FleetSnapshot }

async function find(args: Args, { ctx, turn }: ToolContext, what: string): Promise<Found | Preview> {
  const snapshot = await readFleet({ ctx })
  const nodes = findNodes(snapshot, args.node ?? turn.focus.node, what)
  if ('question' in nodes) return { ok: false, question: nodes.question }
  const [node] = nodes.nodes
  if (!node) return { ok: false, say: 'There are no nodes yet.', blocks: [], options: [] }
  const gpu = findGpu(node, args.gpu ?? turn.focus.gpu, what)
  return 'question' in gpu ? { ok: false, question: gpu.question } : { node, gpu: gpu.gpu, snapshot }
}

async function previewIsolate(args: Args, tool: ToolContext): Promise<Preview> {
  const { ctx, turn } = tool
  const found = await find(args, tool, 'isolate')
  if ('ok' in found) return found
  const { node, gpu } = found
  const name = `GPU ${gpu.index} of ${node.name}`
  if (gpu.unusable)
    return {
      ok: false,
      say: `${name} is out of service already: ${gpu.unusable}.`,
      blocks: [],
      options: [
        { label: `Return GPU ${gpu.index} to service`, send: `return gpu ${gpu.index} of ${node.name} to service` },
      ],
    }
  const [live, findings] = await Promise.all([
    liveWorkloads({ ctx, input: {} }),
    listFindings({ ctx, input: { gpuId: gpu.id } }),
  ])
  const holder = live.find((w) => w.id === gpu.heldBy)
  const goesOn = holder ? `${holder.name} goes on there until it ends.` : 'Nothing runs on it.'
  return {
    ok: true,
    demo: node.demo,
    focus: { node: node.name, gpu: gpu.index },
    say: `I can isolate ${name}: nothing new is placed on it. ${goesOn}`,
    content: planCard({
      tool: { name: 'isolate_gpu', args: { node: node.name, gpu: gpu.index } },
      turn,
      title: `Isolate ${name}`,
      evidence: findings.slice(0, 6).map((f) => ({
        text: `${f.title}. ${f.detail}`.slice(0, 300),
        href: `/nodes/${node.name}`,
        at: new Date(f.lastSeenAtMs).toISOString(),
      })),
      steps: [
        step(
          'isolate-gpu',
          { nodeId: node.id, gpuId: gpu.id, reason: `Isolated by ${ctx.actor.userName}` },
          { title: `Take ${name} out of service`, target: node.name },
        ),
      ],
      changes: [{ label: name, before: 'in service', after: 'isolated: new work avoids it' }],
      facts: [{ kind: 'gpu-health', id: gpu.id, value: 'in service', text: `${name} is in service` }],
      affects: {
        workloads: holder ? [{ id: holder.id, name: holder.name, owner: holder.owner.name }] : [],
        nodes: [{ id: node.id, name: node.name }],
        gpus: 1,
      },
      notDone: [
        'No reset and no diagnostics are run.',
        ...(holder ? [`${holder.name} is not moved. Ask “move ${holder.name}” to take it away first.`] : []),
      ],
      undo: {
        possible: true,
        text: `Return ${name} to service.`,
        tool: { name: 'return_gpu', args: { node: node.name, gpu: gpu.index } },
      },
      risk: 'medium',
      riskReason: 'The fleet has one GPU less; nothing that runs is touched.',
      warnings: holder ? [`${holder.name} runs on it and goes on.`] : [],
    }),
  }
}

async function previewReturn(args: Args, tool: ToolContext): Promise<Preview> {
  const { ctx, turn } = tool
  const found = await find(args, tool, 'return to service')
  if ('ok' in found) return found
  const { node, gpu } = found
  const name = `GPU ${gpu.index} of ${node.name}`
  if (!gpu.unusable) return { ok: false, say: `${name} is in service.`, blocks: [], options: [] }
  const findings = await listFindings({ ctx, input: { gpuId: gpu.id } })
  return {
    ok: true,
    demo: node.demo,
    focus: { node: node.name, gpu: gpu.index },
    say: `I can return ${name} to service. It was taken out: ${gpu.unusable}.${findings.length > 0 ? ` Still open: ${findings[0]?.title}.` : ''}`,
    content: planCard({
      tool: { name: 'return_gpu', args: { node: node.name, gpu: gpu.index } },
      turn,
      title: `Return ${name} to service`,
      steps: [
        step(
          'return-gpu',
          { nodeId: node.id, gpuId: gpu.id, reason: `Returned by ${ctx.actor.userName}` },
          { title: `Put ${name} back into service`, target: node.name },
        ),
      ],
      changes: [{ label: name, before: gpu.unusable, after: 'in service' }],
      facts: [{ kind: 'gpu-health', id: gpu.id, value: gpu.unusable, text: name }],
      affects: { workloads: [], nodes: [{ id: node.id, name: node.name }], gpus: 1 },
      undo: {
        possible: true,
        text: `Isolate ${name} again; work that started on it meanwhile goes on.`,
        tool: { name: 'isolate_gpu', args: { node: node.name, gpu: gpu.index } },
      },
      risk: 'medium',
      riskReason: 'New work may land on it.',
      warnings: findings.slice(0, 4).map((f) => `Still open: ${f.title}. ${f.detail}`.slice(0, 400)),
    }),
  }
}
