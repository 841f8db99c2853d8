import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import type { EditableField, PlanContent } from '@clawbernetes/protocol/plans/content'
import type { PlannedStep, ReplicaPlace, StepKind } from '@clawbernetes/protocol/plans/steps'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { Turn } from '../../src/registry/define-tool'
import { clip, jsonArgs } from '../../src/registry/draft-id'
import { placeFacts } from '../../src/registry/place-facts'
import { TTL_S } from '../../src/registry/plan-ttl'
import { secretEnvChanges } from '../../src/registry/secret-env'
import type { BatchArgs } from './run-batch'

const START_TIMEOUT_MS = 15 * 60_000

export interface BatchInput {
  args: BatchArgs
  name: string
  workloadId: string
  spec: WorkloadSpec
  places: ReplicaPlace[]
  /** Nodes that were meant and cannot take it. */
  left: { node: string; reason: string }[]
  snapshot: FleetSnapshot
  turn: Turn
  estimates: Partial<Record<StepKind, number>>
}

/** The card of a job: where it runs, where not and why, and the exact command. */
export function batchContent(i: BatchInput): PlanContent {
  const nodes = i.places.map((p) => ({ id: p.nodeId, name: p.nodeName }))
  const where = nodes.length === 1 ? (nodes[0]?.name ?? '') : `${nodes.length} nodes`
  return {
    tool: { name: 'run_batch', version: 1, args: jsonArgs({ ...i.args, name: i.name }) },
    title: clip(`Run ${i.spec.command.join(' ')} on ${where}`, 160),
    why: `Asked for: “${clip(i.turn.text, 200)}”`,
    evidence: i.places.slice(0, 20).map((p) => ({
      text: `${p.nodeName} is online and takes work`,
      href: `/nodes/${p.nodeName}`,
      at: i.snapshot.at,
    })),
    steps: steps(i, where),
    changes: [...changes(i), ...secretEnvChanges(i.spec.secretEnv)],
    commands: i.places.slice(0, 20).map((p) => ({ where: p.nodeName, argv: i.spec.command })),
    notDone: i.left.slice(0, 12).map((l) => clip(`Not on ${l.node}: ${l.reason}.`, 300)),
    facts: placeFacts(i.places, i.snapshot, i.name),
    affects: { workloads: [], nodes, gpus: 0 },
    cost: { perHourMicroUsd: 0, oneOffMicroUsd: 0, arithmetic: 'no GPUs' },
    undo: {
      possible: true,
      text: `Stop ${i.name}. What the command did on the node stays.`,
      tool: { name: 'stop_workload', args: { workload: i.name } },
    },
    ...risk(i, where),
    warnings: i.left.length > 0 ? [leftOut(i)] : [],
    durationS: null,
    editable: editable(i),
    origin: { text: clip(i.turn.text, 2000), untrusted: i.turn.untrusted },
  }
}

function steps(i: BatchInput, where: string): PlannedStep[] {
  const drafts: Pick<PlannedStep, 'kind' | 'args' | 'title' | 'target'>[] = [
    {
      kind: 'place-workload',
      args: jsonArgs({ workloadId: i.workloadId, name: i.name, spec: i.spec, places: i.places }),
      title: `Create ${i.name}`,
      target: where,
    },
    {
      kind: 'start-replicas',
      args: jsonArgs({ workloadId: i.workloadId, places: i.places }),
      title: `Start it on ${where}`,
      target: where,
    },
    {
      kind: 'await-running',
      args: { workloadId: i.workloadId, timeoutMs: START_TIMEOUT_MS },
      title: 'Wait until it runs',
      target: i.name,
    },
  ]
  return drafts.map((d) => ({ ...d, reversible: 'reversible', note: null, estimateS: i.estimates[d.kind] ?? null }))
}

function changes(i: BatchInput): PlanContent['changes'] {
  const names = i.places.map((p) => p.nodeName)
  const more = names.length > 12 ? ` and ${names.length - 12} more` : ''
  const rows = [
    {
      label: 'Workload',
      before: 'none',
      after: `${i.name}, one replica on each of ${names.slice(0, 12).join(', ')}${more}`,
    },
    { label: 'Runs as', before: 'none', after: i.spec.image ? `container ${i.spec.image}` : 'plain process' },
  ]
  if (i.spec.memoryMib)
    rows.push({ label: 'Memory limit', before: 'none', after: `${i.spec.memoryMib / 1024} GiB on each node` })
  return rows
}

/** Inside a container a command touches what it was given; outside it touches the machine, and a person types its name. */
function risk(i: BatchInput, where: string): Pick<PlanContent, 'risk' | 'riskReason' | 'confirmName' | 'ttlS'> {
  if (i.spec.image)
    return {
      risk: 'medium',
      riskReason: `Runs a command in a container on ${where}; nothing that runs is touched.`,
      confirmName: null,
      ttlS: TTL_S.medium,
    }
  return {
    risk: 'high',
    riskReason: `Runs a command on ${where} itself, outside any container.`,
    confirmName: i.name,
    ttlS: TTL_S.high,
  }
}

function leftOut(i: BatchInput): string {
  const who = i.left.map((l) => `${l.node} (${l.reason})`).join(', ')
  return `${i.left.length} of ${i.left.length + i.places.length} nodes are left out: ${clip(who, 300)}`
}

function editable(i: BatchInput): EditableField[] {
  const text = { input: 'text' as const, choices: null, min: null, max: null }
  return [
    { ...text, name: 'command', label: 'Command', value: i.args.command ?? null },
    { ...text, name: 'image', label: 'Image (empty: plain process)', value: i.spec.image },
  ]
}
