import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { ReplicaPlace, StepKind } from '@clawbernetes/protocol/plans/steps'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { Turn } from '../../src/registry/define-tool'
import { clip, jsonArgs } from '../../src/registry/draft-id'
import { placeFacts } from '../../src/registry/place-facts'
import { TTL_S } from '../../src/registry/plan-ttl'
import type { BatchArgs } from './run-batch'

const START_TIMEOUT_MS = 15 * 60_000

/** The card of a job: where it runs, where not and why, and the exact command. */
export function batchContent(i: {
  args: BatchArgs
  name: string
  workloadId: string
  spec: WorkloadSpec
  places: ReplicaPlace[]
  left: { node: string; reason: string }[]
  snapshot: FleetSnapshot
  turn: Turn
  estimates: Partial<Record<StepKind, number>>
}): PlanContent {
  const nodes = i.places.map((p) => ({ id: p.nodeId, name: p.nodeName }))
  const where = nodes.length === 1 ? (nodes[0]?.name ?? '') : `${nodes.length} nodes`
  const step = { reversible: 'reversible' as const, note: null }
  return {
    tool: { name: 'run_batch', version: 1, args: jsonArgs({ ...i.args, name: i.name }) },
    title: clip(`Run ${i.spec.command.join(' ')} on ${where}`, 160),
    why: `Asked for: “${clip(i.turn.text, 200)}”.`,
    evidence: i.places.slice(0, 20).map((p) => ({
      text: `${p.nodeName} is online and takes work`,
      href: `/nodes/${p.nodeName}`,
      at: i.snapshot.at,
    })),
    steps: [
      {
        ...step,
        kind: 'place-workload',
        args: jsonArgs({ workloadId: i.workloadId, name: i.name, spec: i.spec, places: i.places }),
        title: `Create ${i.name}`,
        target: where,
        estimateS: i.estimates['place-workload'] ?? null,
      },
      {
        ...step,
        kind: 'start-replicas',
        args: jsonArgs({ workloadId: i.workloadId, places: i.places }),
        title: `Start it on ${where}`,
        target: where,
        estimateS: i.estimates['start-replicas'] ?? null,
      },
      {
        ...step,
        kind: 'await-running',
        args: { workloadId: i.workloadId, timeoutMs: START_TIMEOUT_MS },
        title: 'Wait until it runs',
        target: i.name,
        estimateS: i.estimates['await-running'] ?? null,
      },
    ],
    changes: [
      {
        label: 'Workload',
        before: 'none',
        after: `${i.name}, one replica on each of ${nodes
          .map((n) => n.name)
          .slice(0, 12)
          .join(', ')}`,
      },
      { label: 'Runs as', before: 'none', after: i.spec.image ? `container ${i.spec.image}` : 'plain process' },
      ...(i.spec.memoryMib
        ? [{ label: 'Memory limit', before: 'none', after: `${i.spec.memoryMib / 1024} GiB on each node` }]
        : []),
    ],
    commands: i.places.slice(0, 20).map((p) => ({ where: p.nodeName, argv: i.spec.command })),
    notDone: i.left.slice(0, 12).map((l) => clip(`Not on ${l.node}: ${l.reason}.`, 300)),
    facts: placeFacts(i.places, i.snapshot, i.name),
    affects: { workloads: [], nodes, gpus: 0 },
    cost: { perHourMicroUsd: 0, oneOffMicroUsd: 0, arithmetic: 'no GPUs' },
    undo: { possible: true, text: `Stop ${i.name}. What the command did on the node stays.` },
    risk: i.spec.image ? 'medium' : 'high',
    riskReason: i.spec.image
      ? `Runs a command in a container on ${where}; nothing that runs is touched.`
      : `Runs a command on ${where} itself, outside any container.`,
    warnings:
      i.left.length > 0
        ? [
            `${i.left.length} of ${i.left.length + i.places.length} nodes are left out: ${clip(i.left.map((l) => `${l.node} (${l.reason})`).join(', '), 300)}`,
          ]
        : [],
    durationS: null,
    editable: [
      {
        name: 'command',
        label: 'Command',
        input: 'text',
        value: i.spec.command.join(' '),
        choices: null,
        min: null,
        max: null,
      },
      {
        name: 'image',
        label: 'Image (empty: plain process)',
        input: 'text',
        value: i.spec.image,
        choices: null,
        min: null,
        max: null,
      },
    ],
    origin: { text: clip(i.turn.text, 2000), untrusted: i.turn.untrusted },
    confirmName: i.spec.image ? null : i.name,
    ttlS: i.spec.image ? TTL_S.medium : TTL_S.high,
  }
}
