import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import { METHOD_WORDS, type TrainingProposal } from '@clawbernetes/domain/training/propose-training'
import type { EditableField, PlanContent } from '@clawbernetes/protocol/plans/content'
import type { PlannedStep, StepKind } from '@clawbernetes/protocol/plans/steps'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { Turn } from '../../src/registry/define-tool'
import { clip, jsonArgs } from '../../src/registry/draft-id'
import { placeFacts } from '../../src/registry/place-facts'
import { TTL_S } from '../../src/registry/plan-ttl'
import { costOfPlaces } from '../../src/registry/price'
import { secretEnvChanges } from '../../src/registry/secret-env'
import type { TrainingArgs } from './tools'

/** Image pull and start included. */
const START_TIMEOUT_MS = 15 * 60_000

export interface ContentInput {
  args: TrainingArgs
  name: string
  workloadId: string
  spec: WorkloadSpec
  proposal: TrainingProposal
  snapshot: FleetSnapshot
  turn: Turn
  at: Date
  /** Seconds that such steps took here lately; a kind that never ran is missing. */
  estimates: Partial<Record<StepKind, number>>
  /** Seconds from asked to running lately; null: nothing ever started here. */
  startS: number | null
}

/** The whole card of a training run, from the proposal: nothing here is guessed or decided. */
export function trainingContent(i: ContentInput): PlanContent {
  const { proposal: p, spec, snapshot } = i
  const places = p.placement.places
  const nodes = [...new Map(places.map((x) => [x.nodeId, { id: x.nodeId, name: x.nodeName }])).values()]
  const where = nodes.map((n) => n.name).join(', ')
  const gpus = places.reduce((sum, x) => sum + x.gpuIds.length, 0)
  const model = p.placement.considered.find((v) => v.nodeName === places[0]?.nodeName)?.model ?? 'GPU'
  const cost = costOfPlaces(places, snapshot)
  return {
    tool: { name: 'deploy_training', version: 1, args: jsonArgs({ ...i.args, name: i.name }) },
    title: `Fine-tune ${p.shape.name} on ${gpus} × ${model} of ${where}`,
    why: `Asked for: “${clip(i.turn.text, 200)}” ${p.placement.reason}.`,
    evidence: [
      { text: p.option.memory.arithmetic, href: null, at: snapshot.at },
      { text: `${where}: ${p.placement.reason}`, href: nodes[0] ? `/nodes/${nodes[0].name}` : null, at: snapshot.at },
      ...(p.option.method === 'full' && gpus > 1
        ? [
            {
              text: `Plain DDP would need ${p.ddp.memory.totalGib.toFixed(0)} GiB on each GPU: ${p.ddp.fits ? 'it would fit too' : 'it does not fit'}`,
              href: null,
              at: snapshot.at,
            },
          ]
        : []),
    ],
    steps: steps(i, where, gpus),
    changes: [...changes(i, where, gpus, model), ...secretEnvChanges(spec.secretEnv)],
    commands: [{ where, argv: spec.command }],
    notDone: notDone(i),
    facts: placeFacts(places, snapshot, i.name),
    affects: { workloads: [], nodes, gpus },
    cost: { perHourMicroUsd: cost.perHourMicroUsd, oneOffMicroUsd: 0, arithmetic: cost.arithmetic },
    undo: {
      possible: true,
      text: `Stop ${i.name}: its GPUs are free again, checkpoints stay.`,
      tool: { name: 'stop_workload', args: { workload: i.name } },
    },
    risk: 'medium',
    riskReason: `Takes ${gpus} free GPU${gpus === 1 ? '' : 's'}; nothing that runs is touched.`,
    warnings: p.notes,
    durationS: i.startS,
    editable: editable(i),
    origin: { text: clip(i.turn.text, 2000), untrusted: i.turn.untrusted },
    confirmName: null,
    ttlS: TTL_S.medium,
  }
}

function steps(i: ContentInput, where: string, gpus: number): PlannedStep[] {
  const places = i.proposal.placement.places
  const base = { reversible: 'reversible' as const, note: null }
  return [
    {
      ...base,
      kind: 'place-workload',
      args: jsonArgs({ workloadId: i.workloadId, name: i.name, spec: i.spec, places }),
      title: `Claim ${gpus} GPU${gpus === 1 ? '' : 's'} on ${where}`,
      target: where,
      estimateS: i.estimates['place-workload'] ?? null,
    },
    {
      ...base,
      kind: 'start-replicas',
      args: jsonArgs({ workloadId: i.workloadId, places }),
      title: `Start ${i.name} with torchrun`,
      target: i.name,
      estimateS: i.estimates['start-replicas'] ?? null,
    },
    {
      ...base,
      kind: 'await-running',
      args: { workloadId: i.workloadId, timeoutMs: START_TIMEOUT_MS },
      title: 'Wait until it runs and its GPUs are verified',
      target: i.name,
      estimateS: i.estimates['await-running'] ?? i.startS,
      note: 'Pulls the image first if the node does not have it.',
    },
  ]
}

function changes(i: ContentInput, where: string, gpus: number, model: string): PlanContent['changes'] {
  const t = i.spec.training
  const rows = [
    { label: 'Workload', before: 'none', after: i.name },
    { label: 'GPUs', before: 'free', after: `${gpus} × ${model} on ${where}, exclusive` },
    { label: 'Image', before: 'none', after: i.spec.image ?? '—' },
    {
      label: 'Method',
      before: 'none',
      after: `${t ? METHOD_WORDS[t.method] : 'own script'}${t?.sharding === 'fsdp' ? ', FSDP' : t?.sharding === 'ddp' ? ', DDP' : ''}${t?.gradientCheckpointing ? ', gradient checkpointing' : ''}`,
    },
    { label: 'Epochs', before: 'none', after: String(t?.epochs ?? '—') },
    { label: 'Shared memory', before: 'none', after: `${(i.spec.shmMib ?? 0) / 1024} GiB` },
  ]
  for (const m of i.spec.mounts)
    rows.push({
      label: `Mount ${m.containerPath}`,
      before: 'none',
      after: `${m.hostPath} of ${where}, ${m.readOnly ? 'read-only' : 'writable'}`,
    })
  return rows
}

function notDone(i: ContentInput): string[] {
  const list = [
    'No checkpoint schedule: the trainer saves every 200 steps. Ask for “checkpoint every 2 hours” to add one.',
  ]
  if (!i.args.dataset_path) list.push('No data is mounted: none was named.')
  return list
}

function editable(i: ContentInput): EditableField[] {
  const nodes = i.proposal.placement.considered
    .filter((v) => v.fits)
    .map((v) => ({ value: v.nodeName, label: `${v.nodeName}: ${v.reason}` }))
  return [
    { name: 'gpus', label: 'GPUs', input: 'integer', value: i.proposal.option.gpus, choices: null, min: 1, max: 32 },
    {
      name: 'node',
      label: 'Node',
      input: 'choice',
      value: i.proposal.placement.places[0]?.nodeName ?? null,
      choices: nodes,
      min: null,
      max: null,
    },
    {
      name: 'method',
      label: 'Method',
      input: 'choice',
      value: i.proposal.option.method,
      choices: (['full', 'lora', 'qlora'] as const).map((m) => ({ value: m, label: METHOD_WORDS[m] })),
      min: null,
      max: null,
    },
    {
      name: 'epochs',
      label: 'Epochs',
      input: 'integer',
      value: i.spec.training?.epochs ?? null,
      choices: null,
      min: 1,
      max: 1000,
    },
    { name: 'image', label: 'Image', input: 'text', value: i.spec.image, choices: null, min: null, max: null },
  ]
}
