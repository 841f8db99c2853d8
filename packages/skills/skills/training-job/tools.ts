import { MODELS, sizeInName } from '@clawbernetes/domain/training/model-catalogue'
import {
  METHOD_WORDS,
  proposeTraining,
  type TrainingProposal,
  type TrainingWish,
} from '@clawbernetes/domain/training/propose-training'
import { trainingName, trainingSpec } from '@clawbernetes/domain/training/training-spec'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import { slugText } from '@clawbernetes/protocol/text'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import { stepEstimates } from '@clawbernetes/services/plans/step-estimates'
import { startEstimateS } from '@clawbernetes/services/workloads/start-estimate'
import { takenNames } from '@clawbernetes/services/workloads/live-workloads'
import * as z from 'zod'
import { type Preview, type Tool, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { draftWorkloadId } from '../../src/registry/draft-id'
import { considerBlock } from '../../src/registry/consider-block'
import { secretEnvSlot, missingSecret } from '../../src/registry/secret-env'
import { trainingContent } from './training-content'

const input = z.object({
  model: z.string().max(80).optional().describe('lower-case kebab, e.g. llama-3-8b'),
  method: z.enum(['full', 'lora', 'qlora', 'sft', 'finetune', 'pretrain']).optional().catch(undefined),
  dataset_path: z.string().max(400).regex(/^\//, 'An absolute path is needed.').optional(),
  gpus: z.coerce.number().int().min(1).max(32).optional(),
  gpu_type: z.string().max(40).optional(),
  node: slugText.optional(),
  exclude_nodes: z.array(slugText).max(100).optional(),
  framework: z.string().max(40).optional(),
  command: z.string().max(400).optional(),
  path: z.string().max(400).optional().describe('a training script of their own'),
  image: z.string().max(300).optional(),
  epochs: z.coerce.number().int().min(1).max(1000).optional(),
  name: slugText.optional(),
  secret_env: secretEnvSlot,
})
export type TrainingArgs = z.output<typeof input>

const DEFAULT_EPOCHS = 3

export const deployTraining = writeTool({
  kind: 'write',
  name: 'deploy_training',
  skill: 'training-job',
  version: 1,
  title: 'Planned a training run',
  description:
    'Fine-tune or train a model on the fleet: picks GPUs, method and sharding that fit, mounts the data, starts it with torchrun.',
  input,
  risk: 'medium',
  authorize: { permission: 'propose', words: 'Operators and above' },
  steps: ['place-workload', 'start-replicas', 'await-running'],
  verify: 'Every rank runs on its node with the GPUs that it was given.',
  undo: { tool: 'stop_workload', words: 'Stopping it frees its GPUs; its checkpoints stay.' },
  preview,
})

async function preview(args: TrainingArgs, tool: ToolContext): Promise<Preview> {
  const { ctx, turn } = tool
  if (!args.model && !args.path)
    return {
      ok: false,
      question: {
        ask: 'Which model should I train, and how large is it?',
        slot: 'model',
        options: ['llama-3-8b', 'mistral-7b', 'qwen-2.5-7b'].map((m) => ({ label: m, send: m })),
        blocks: [],
      },
    }
  const missing = await missingSecret(args.secret_env, tool)
  if (missing) return missing
  const model = args.model ?? 'own-script'
  const snapshot = await readFleet({ ctx })
  const wish = toWish(args, model)
  if (wish.paramsB === null && !MODELS.some((m) => m.name === model) && sizeInName(model) === null)
    return {
      ok: false,
      question: {
        ask: `How large is ${model}? I need its number of parameters to choose GPUs.`,
        slot: 'model',
        options: ['1b', '7b', '13b', '70b'].map((size) => ({ label: size.toUpperCase(), send: `${model}-${size}` })),
        blocks: [],
      },
    }
  const found = proposeTraining(wish, snapshot)
  if (!found.ok) return refusal(found.refusal, snapshot)
  const taken = await takenNames({ ctx })
  const name = args.name && !taken.has(args.name) ? args.name : trainingName(model, taken)
  const { proposal } = found
  const drafted = trainingSpec({
    name,
    model,
    paramsB: proposal.shape.paramsB,
    option: proposal.option,
    nodeCount: proposal.placement.places.length,
    datasetPath: wish.datasetPath,
    epochs: args.epochs ?? DEFAULT_EPOCHS,
    image: args.image ?? null,
    script: args.path ?? null,
    nodes: wish.nodes,
    excludeNodes: wish.excludeNodes,
    gpuModel: wish.gpuModel,
    memoryMib: null,
  })
  const spec = args.secret_env ? { ...drafted, secretEnv: args.secret_env } : drafted
  const workloadId = draftWorkloadId(turn.threadId, name, ctx.now())
  const content = trainingContent({
    args,
    name,
    workloadId,
    spec,
    proposal,
    snapshot,
    turn,
    at: ctx.now(),
    estimates: await stepEstimates({ ctx }),
    startS: await startEstimateS({ ctx }),
  })
  const at = proposal.placement.places[0]
  const demo = snapshot.nodes.find((n) => n.id === at?.nodeId)?.demo ?? false
  return {
    ok: true,
    content,
    demo,
    say: sentence(proposal, snapshot, wish, spec.command[0] ?? 'torchrun'),
    focus: { node: at?.nodeName, workload: name },
  }
}

function toWish(args: TrainingArgs, model: string): TrainingWish {
  const method = args.method === 'full' || args.method === 'lora' || args.method === 'qlora' ? args.method : null
  return {
    model,
    paramsB: sizeInName(model),
    method,
    gpus: args.gpus ?? null,
    gpuModel: args.gpu_type ?? null,
    nodes: args.node ? [args.node] : null,
    excludeNodes: args.exclude_nodes ?? [],
    datasetPath: args.dataset_path ?? null,
    memoryMib: null,
  }
}

/** "Found 2 nodes with available GPUs. node-01 has 4 free A100-80GB …": counted, not told. */
function sentence(p: TrainingProposal, snapshot: FleetSnapshot, wish: TrainingWish, launcher: string): string {
  const place = p.placement.places[0]
  const fitting = p.placement.considered.filter((v) => v.fits)
  const open = snapshot.nodes.filter(
    (n) => n.online && !n.blocked && n.gpus.some((g) => g.unusable === null && g.heldBy === null),
  ).length
  const chosen = p.placement.considered.find((v) => v.nodeName === place?.nodeName)
  const gpus = p.placement.places.reduce((sum, x) => sum + x.gpuIds.length, 0)
  const where = p.placement.places.map((x) => x.nodeName).join(' and ')
  const card = `${gpus} × ${chosen?.model ?? 'GPU'}`
  const first = `${open} node${open === 1 ? ' has' : 's have'} free GPUs; ${fitting.length === 1 ? `only ${place?.nodeName} fits this` : `${fitting.length} fit this`}${wish.datasetPath ? ` and ${fitting.length === 1 ? 'has' : 'have'} ${wish.datasetPath}` : ''}.`
  const o = p.option
  const how =
    o.sharding === 'fsdp'
      ? `${METHOD_WORDS[o.method]} sharded with FSDP`
      : o.sharding === 'ddp'
        ? `${METHOD_WORDS[o.method]} with DDP`
        : METHOD_WORDS[o.method]
  return `${first} I would run ${p.shape.name} on ${card} of ${where} with ${launcher}: ${how}, ${o.memory.totalGib.toFixed(0)} of ${o.cardGib.toFixed(0)} GiB on each GPU. Approve the plan to start it.`
}

function refusal(
  r: {
    reason: string
    placement: { considered: Parameters<typeof considerBlock>[0] } | null
    ways: { label: string; change: Partial<TrainingWish> }[]
  },
  snapshot: FleetSnapshot,
): Preview {
  const options = r.ways.map((w) => ({ label: w.label, send: wayText(w.change) }))
  return {
    ok: false,
    say: `I can't start this now. ${r.reason}`,
    blocks: r.placement ? [considerBlock(r.placement.considered, snapshot)] : [],
    options,
  }
}

function wayText(change: Partial<TrainingWish>): string {
  if ('method' in change && change.method) return `Use ${METHOD_WORDS[change.method]} instead`
  if ('gpus' in change) return 'Use as many GPUs as it needs'
  if ('datasetPath' in change) return 'Start it without the data path'
  return 'Use any node and any GPU'
}

export const tools: readonly Tool[] = [deployTraining]
