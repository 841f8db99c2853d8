import { modelShape } from '@clawbernetes/domain/training/model-catalogue'
import { fitOption } from '@clawbernetes/domain/training/fit'
import { METHOD_WORDS, proposeTraining } from '@clawbernetes/domain/training/propose-training'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import { inert } from '@clawbernetes/protocol/text'
import { readFleet } from '@clawbernetes/services/placement/read-fleet'
import * as z from 'zod'
import { considerBlock } from '../../src/registry/consider-block'
import { readTool, type ToolContext, type ToolResult } from '../../src/registry/define-tool'

const input = z.object({
  model: z.string().max(80).optional(),
  model_size: z.string().max(20).optional(),
  task: z.string().max(40).optional(),
})
const output = z.object({
  model: z.string().nullable(),
  paramsB: z.number().nullable(),
  weightsGib: z.number().nullable(),
  fits: z.boolean().nullable(),
  freeGpus: z.number(),
  freeByModel: z.array(z.object({ model: z.string(), free: z.number() })),
  /** Where it would go, and what it takes of each card; null: nowhere, or not asked. */
  place: z
    .object({
      node: z.string(),
      gpus: z.number(),
      gpuModel: z.string(),
      method: z.string().nullable(),
      needGib: z.number().nullable(),
      cardGib: z.number(),
      kvCacheGib: z.number().nullable(),
    })
    .nullable(),
  /** GiB on each of eight GPUs for a full fine-tune, where nothing fits. */
  fullOn8Gib: z.number().nullable(),
})
type Output = z.output<typeof output>

/** Bytes of a bf16 weight. */
const BF16 = 2
const GIB = 1024 ** 3

export const capacityCheck = readTool({
  kind: 'read',
  name: 'capacity_check',
  skill: 'gpu-cluster',
  version: 1,
  title: 'Checked capacity',
  description: 'Whether a model fits the fleet, to train or to serve, and what it needs.',
  input,
  output,
  run,
})

async function run(args: z.output<typeof input>, { ctx }: ToolContext): Promise<ToolResult<Output>> {
  const snapshot = await readFleet({ ctx })
  const free = snapshot.nodes
    .filter((n) => n.online && !n.blocked)
    .flatMap((n) => n.gpus.filter((g) => !g.unusable && !g.heldBy))
  const freeByModel = [...new Set(free.map((g) => g.model))]
    .sort()
    .map((model) => ({ model, free: free.filter((g) => g.model === model).length }))
  const nothing: Output = {
    model: null,
    paramsB: null,
    weightsGib: null,
    fits: null,
    freeGpus: free.length,
    freeByModel,
    place: null,
    fullOn8Gib: null,
  }
  const name = args.model ?? args.model_size
  if (!name)
    return {
      data: nothing,
      say:
        free.length === 0
          ? 'No GPU is free now.'
          : `${free.length} GPUs are free: ${freeByModel.map((m) => `${m.free} × ${m.model}`).join(', ')}. Name a model and I check whether it fits.`,
      blocks: [],
    }
  const known = modelShape(name.toLowerCase(), args.model_size ? Number.parseFloat(args.model_size) : null)
  if (!known)
    return {
      data: { ...nothing, model: name },
      say: `I don't know how large ${inert(name, 80)} is. Say its size, for example “70b”.`,
      blocks: [],
    }
  const weightsGib = (known.shape.paramsB * 1e9 * BF16) / GIB
  const base: Output = { ...nothing, model: known.shape.name, paramsB: known.shape.paramsB, weightsGib }
  if (args.task && /serv|host|infer|deploy/.test(args.task)) return serving(base, snapshot.nodes)
  return training(base, name.toLowerCase(), known.shape, snapshot)
}

function training(
  base: Output,
  model: string,
  shape: NonNullable<ReturnType<typeof modelShape>>['shape'],
  snapshot: FleetSnapshot,
): ToolResult<Output> {
  const found = proposeTraining(
    {
      model,
      paramsB: shape.paramsB,
      method: null,
      gpus: null,
      gpuModel: null,
      nodes: null,
      excludeNodes: [],
      datasetPath: null,
      memoryMib: null,
    },
    snapshot,
  )
  const weights = `${shape.name} has ${shape.paramsB} B parameters: ${base.weightsGib?.toFixed(1)} GiB of weights in bf16.`
  if (!found.ok) {
    const full = fitOption(shape, 'full', 'fsdp', 8, true, 80 * 1024)
    return {
      data: { ...base, fits: false, fullOn8Gib: full.memory.totalGib },
      say: `${weights} Training it does not fit now: ${found.refusal.reason} Full fine-tuning takes ${full.memory.totalGib.toFixed(0)} GiB on each of eight GPUs.`,
      blocks: found.refusal.placement ? [considerBlock(found.refusal.placement.considered, snapshot)] : [],
    }
  }
  const { option, placement } = found.proposal
  const at = placement.places[0]
  return {
    data: {
      ...base,
      fits: true,
      place: {
        node: at?.nodeName ?? '',
        gpus: option.gpus,
        gpuModel: placement.considered.find((v) => v.nodeId === at?.nodeId)?.model ?? 'GPU',
        method: option.method,
        needGib: option.memory.totalGib,
        cardGib: option.cardGib,
        kvCacheGib: null,
      },
    },
    say: `${weights} Yes, it can be trained now: ${METHOD_WORDS[option.method]} on ${option.gpus} GPU${option.gpus === 1 ? '' : 's'} of ${at?.nodeName}, ${option.memory.totalGib.toFixed(0)} of ${option.cardGib.toFixed(0)} GiB on each.`,
    blocks: [considerBlock(placement.considered, snapshot)],
  }
}

/** Weights split over cards of one node; a tenth of each card is kept for the engine, and something must be left for the KV cache. */
function serving(base: Output, nodes: FleetSnapshot['nodes']): ToolResult<Output> {
  const usable = 0.9
  const weightsGib = base.weightsGib ?? 0
  const options = nodes
    .filter((n) => n.online && !n.blocked)
    .flatMap((node) => {
      const free = node.gpus.filter((g) => !g.unusable && !g.heldBy)
      const cardGib = (free[0]?.memoryMib ?? 0) / 1024
      const gpus = [1, 2, 4, 8].find((tp) => tp <= free.length && tp * cardGib * usable > weightsGib * 1.1)
      if (!gpus) return []
      const kvCacheGib = gpus * cardGib * usable - weightsGib
      return [
        { node: node.name, gpus, gpuModel: free[0]?.model ?? 'GPU', method: null, needGib: null, cardGib, kvCacheGib },
      ]
    })
  const best = options.sort((a, b) => a.gpus - b.gpus)[0]
  const weights = `${base.model} has ${base.paramsB} B parameters: ${weightsGib.toFixed(1)} GiB of weights in bf16, all of them resident.`
  return {
    data: { ...base, fits: best !== undefined, place: best ?? null },
    say: best
      ? `${weights} It fits ${best.gpus} × ${best.gpuModel} of ${best.node} with tensor parallel ${best.gpus}; about ${best.kvCacheGib.toFixed(0)} GiB stay for the KV cache.`
      : `${weights} No node has enough free GPUs to serve it now.`,
    blocks: [],
  }
}
