import type { SnapshotNode } from '@clawbernetes/domain/placement/snapshot'
import type { PlanFact } from '@clawbernetes/protocol/plans/content'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import * as z from 'zod'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { findNodes, nodeOrNodes } from '../../src/registry/find-node'
import { count, OPERATOR, planCard, step } from '../../src/registry/plan-card'

/** A cordon is a lease: without another wish it ends after a day. */
const DEFAULT_HOURS = 24
const MAX_HOURS = 24 * 30

const input = z.object({
  node: nodeOrNodes,
  hours: z.coerce.number().int().min(1).max(MAX_HOURS).optional().describe('how long; 24 unless said otherwise'),
})

export const cordonNode = writeTool({
  kind: 'write',
  name: 'cordon_node',
  skill: 'system-admin',
  version: 1,
  title: 'Planned a cordon',
  description: 'Keep new work from a node; what runs there goes on.',
  input,
  risk: 'medium',
  authorize: OPERATOR,
  steps: ['cordon-node'],
  verify: 'The node is marked, and placement passes it over.',
  undo: { tool: 'uncordon_node', words: 'Uncordon it.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  const snapshot = await readFleet({ ctx })
  const found = findNodes(snapshot, args.node ?? turn.focus.node, 'cordon')
  if ('question' in found) return { ok: false, question: found.question }
  const { nodes } = found
  const names = nodes.map((n) => n.name).join(', ')
  const already = nodes.filter((n) => n.blocked !== null)
  if (already.length === nodes.length)
    return {
      ok: false,
      say: `${names} takes no new work already: ${already[0]?.blocked}.`,
      blocks: [],
      options: nodes.slice(0, 3).map((n) => ({ label: `Uncordon ${n.name}`, send: `uncordon ${n.name}` })),
    }
  const hours = args.hours ?? DEFAULT_HOURS
  const expiresAt = new Date(ctx.now().getTime() + hours * 3_600_000).toISOString()
  const held = nodes.flatMap((n) => n.gpus).filter((g) => g.heldBy !== null).length
  const free = nodes.flatMap((n) => n.gpus).filter((g) => g.heldBy === null && g.unusable === null).length
  return {
    ok: true,
    demo: nodes.every((n) => n.demo),
    focus: { node: nodes[0]?.name },
    say: `I can cordon ${names} for ${hours} hours: nothing new goes there, what runs there goes on (${count(held, 'GPU')} in use, ${free} free).`,
    content: planCard({
      tool: { name: 'cordon_node', args: { node: nodes.map((n) => n.name), hours } },
      turn,
      title: `Cordon ${names}`,
      steps: nodes.map((n) =>
        step(
          'cordon-node',
          {
            nodeId: n.id,
            reason: `Cordoned by ${ctx.actor.userName.slice(0, 80)}; lifted by itself after ${hours} hours`,
            expiresAt,
          },
          { title: `Keep new work from ${n.name}`, target: n.name },
        ),
      ),
      changes: [
        { label: 'New work', before: 'taken', after: 'passed over' },
        {
          label: 'Until',
          before: '—',
          after: `${expiresAt.slice(0, 16).replace('T', ' ')} UTC, or until it is lifted`,
        },
      ],
      facts: nodes.flatMap(cordonFacts),
      affects: { workloads: [], nodes: nodes.map((n) => ({ id: n.id, name: n.name })), gpus: free },
      notDone: ['What runs there is not touched. Drain moves it away.'],
      undo: {
        possible: true,
        text: `Uncordon ${names}.`,
        tool: { name: 'uncordon_node', args: { node: nodes.map((n) => n.name) } },
      },
      risk: 'medium',
      riskReason: `${count(free, 'free GPU')} cannot be used meanwhile; nothing that runs is touched.`,
      editable: [
        { name: 'hours', label: 'Hours', input: 'integer', value: hours, choices: null, min: 1, max: MAX_HOURS },
      ],
    }),
  }
}

export const cordonFacts = (node: SnapshotNode): PlanFact[] => [
  { kind: 'node-cordoned', id: node.id, value: node.blocked !== null, text: `${node.name} is cordoned` },
]
