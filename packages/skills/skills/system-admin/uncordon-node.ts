import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import * as z from 'zod'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { findGpu, findNodes, nodeOrNodes } from '../../src/registry/find-node'
import { OPERATOR, planCard, step } from '../../src/registry/plan-card'
import { cordonFacts } from './cordon-node'

const input = z.object({
  node: nodeOrNodes,
  return_gpu: z.coerce.number().int().min(0).max(63).optional().describe('an isolated GPU that goes back into service'),
})

export const uncordonNode = writeTool({
  kind: 'write',
  name: 'uncordon_node',
  skill: 'system-admin',
  version: 1,
  title: 'Planned to lift a cordon',
  description: 'Let new work onto a node again.',
  input,
  risk: 'medium',
  authorize: OPERATOR,
  steps: ['uncordon-node', 'return-gpu'],
  verify: 'The node is no longer marked, and placement considers it again.',
  undo: { tool: 'cordon_node', words: 'Cordon it again; what arrived meanwhile stays.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  const snapshot = await readFleet({ ctx })
  const found = findNodes(snapshot, args.node ?? turn.focus.node, 'uncordon')
  if ('question' in found) return { ok: false, question: found.question }
  const nodes = found.nodes.filter((n) => n.blocked !== null)
  const [node] = found.nodes
  const names = (nodes.length > 0 ? nodes : found.nodes).map((n) => n.name).join(', ')
  const gpu = args.return_gpu === undefined || !node ? null : findGpu(node, args.return_gpu, 'return')
  if (gpu && 'question' in gpu) return { ok: false, question: gpu.question }
  if (nodes.length === 0 && !gpu?.gpu.unusable)
    return { ok: false, say: `${names} is not cordoned: it takes new work.`, blocks: [], options: [] }
  const isolated = gpu?.gpu.unusable ? gpu.gpu : null
  const free = nodes.flatMap((n) => n.gpus).filter((g) => g.heldBy === null && g.unusable === null).length
  const back = isolated && node ? ` and return GPU ${isolated.index} to service` : ''
  return {
    ok: true,
    demo: found.nodes.every((n) => n.demo),
    focus: { node: node?.name },
    say: `I can uncordon ${names}${back}. New work may go there again; what was moved away stays where it is.`,
    content: planCard({
      tool: {
        name: 'uncordon_node',
        args: { node: found.nodes.map((n) => n.name), ...(isolated ? { return_gpu: isolated.index } : {}) },
      },
      turn,
      title: `Uncordon ${names}${isolated ? `, return GPU ${isolated.index}` : ''}`,
      steps: [
        ...(isolated && node
          ? [
              step(
                'return-gpu',
                { nodeId: node.id, gpuId: isolated.id, reason: `Returned by ${ctx.actor.userName}` },
                { title: `Return GPU ${isolated.index} of ${node.name} to service`, target: node.name },
              ),
            ]
          : []),
        ...nodes.map((n) =>
          step('uncordon-node', { nodeId: n.id }, { title: `Let new work onto ${n.name}`, target: n.name }),
        ),
      ],
      changes: [
        ...nodes.map((n) => ({ label: n.name, before: n.blocked ?? '', after: 'takes new work' })),
        ...(isolated
          ? [{ label: `GPU ${isolated.index}`, before: isolated.unusable ?? 'isolated', after: 'in service' }]
          : []),
      ],
      facts: [
        ...nodes.flatMap(cordonFacts),
        ...(isolated
          ? [{ kind: 'gpu-health' as const, id: isolated.id, value: isolated.unusable, text: `GPU ${isolated.index}` }]
          : []),
      ],
      affects: { workloads: [], nodes: found.nodes.map((n) => ({ id: n.id, name: n.name })), gpus: free },
      notDone: ['Workloads that were moved away stay where they are.'],
      undo: {
        possible: true,
        text: `Cordon ${names} again; what arrived meanwhile stays.`,
        tool: { name: 'cordon_node', args: { node: nodes.map((n) => n.name) } },
      },
      risk: 'medium',
      riskReason: isolated
        ? 'New work may land on a GPU that was isolated for a reason.'
        : 'Waiting work may start there at once.',
      warnings: isolated ? [`GPU ${isolated.index} was taken out of service: ${isolated.unusable}.`] : [],
    }),
  }
}
