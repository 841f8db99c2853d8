import { labelChanges } from '@clawbernetes/protocol/plans/steps'
import { labelFactId } from '@clawbernetes/services/plans/observe-facts'
import { labelText } from '@clawbernetes/services/fleet/node-labels'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import * as z from 'zod'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { findNodes, nodeOrNodes } from '../../src/registry/find-node'
import { OPERATOR, planCard, step } from '../../src/registry/plan-card'

/** A label without a value, as in "label node-02 gpu-pool". */
const PLAIN = 'true'

const input = z.object({
  node: nodeOrNodes,
  labels: z
    .union([labelChanges, z.array(z.string().max(63)).max(16)])
    .optional()
    .describe('label → value; null takes a label away'),
})

export const labelNode = writeTool({
  kind: 'write',
  name: 'label_node',
  skill: 'system-admin',
  version: 1,
  title: 'Labelled a node',
  description: 'Set or take away labels of nodes. Placement rules and prices read them.',
  input,
  risk: 'low',
  authorize: OPERATOR,
  steps: ['label-node'],
  verify: 'The node carries exactly these labels when it is read again.',
  undo: { tool: 'label_node', words: 'The labels get back the values they had.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  const snapshot = await readFleet({ ctx })
  const found = findNodes(snapshot, args.node ?? turn.focus.node, 'label')
  if ('question' in found) return { ok: false, question: found.question }
  const parsed = labelChanges.safeParse(
    Array.isArray(args.labels) ? Object.fromEntries(args.labels.map((key) => [key, PLAIN])) : (args.labels ?? {}),
  )
  if (!parsed.success || Object.keys(parsed.data).length === 0)
    return {
      ok: false,
      question: {
        ask: parsed.success
          ? 'Which label, and what value? For example: label node-02 pool=train.'
          : (parsed.error.issues[0]?.message ?? 'That is not a label.'),
        slot: 'labels',
        options: [],
        blocks: [],
      },
    }
  const labels = parsed.data
  const keys = Object.keys(labels)
  const nodes = found.nodes.filter((n) => keys.some((key) => (n.labels[key] ?? null) !== labels[key]))
  const [first] = found.nodes
  const words = keys.map((key) => (labels[key] === null ? `no ${key}` : `${key}=${labels[key]}`)).join(', ')
  if (nodes.length === 0 || !first)
    return {
      ok: false,
      say: `${found.nodes.map((n) => n.name).join(', ')} has ${words} already.`,
      blocks: [],
      options: [],
    }
  const names = nodes.map((n) => n.name).join(', ')
  const before = Object.fromEntries(keys.map((key) => [key, first.labels[key] ?? null]))
  // Nodes that had different values get back their own only one by one.
  const same = nodes.every((n) => keys.every((key) => (n.labels[key] ?? null) === before[key]))
  return {
    ok: true,
    demo: nodes.every((n) => n.demo),
    focus: { node: first.name },
    say: `Setting ${words} on ${names}.`,
    content: planCard({
      tool: { name: 'label_node', args: { node: nodes.map((n) => n.name), labels } },
      turn,
      title: `Label ${names}: ${words}`,
      steps: nodes.map((n) =>
        step('label-node', { nodeId: n.id, labels }, { title: `Set ${words} on ${n.name}`, target: n.name }),
      ),
      changes: nodes.flatMap((n) =>
        keys.map((key) => ({
          label: `${n.name} ${key}`,
          before: n.labels[key] ?? 'not set',
          after: labels[key] ?? 'not set',
        })),
      ),
      facts: nodes.map((n) => ({
        kind: 'node-labels',
        id: labelFactId(n.id, keys),
        value: labelText(n.labels, keys),
        text: `Labels of ${n.name}`,
      })),
      affects: { workloads: [], nodes: nodes.map((n) => ({ id: n.id, name: n.name })), gpus: 0 },
      notDone: ['Work that runs already is not moved by a label.'],
      undo: same
        ? {
            possible: true,
            text: `Set ${keys.map((key) => `${key} back to ${before[key] ?? 'not set'}`).join(', ')}.`,
            tool: { name: 'label_node', args: { node: nodes.map((n) => n.name), labels: before } },
          }
        : { possible: false, text: 'Cannot be undone in one step: the nodes had different values.', tool: null },
      risk: 'low',
      riskReason: 'Only where new work may go changes.',
    }),
  }
}
