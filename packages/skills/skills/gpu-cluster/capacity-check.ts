import { modelShape } from '@clawbernetes/domain/training/model-catalogue'
import { fitOption } from '@clawbernetes/domain/training/fit'
import { METHOD_WORDS, proposeTraining } from '@clawbernetes/domain/training/propose-training'
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
  const name = args.model ?? args.model_size
  if (!name) {
    const models = [...new Set(free.map((g) => g.model))].map(
      (m) => `${free.filter((g) => g.model === m).length} × ${m}`,
    )
    return {
      data: { model: null, paramsB: null, weightsGib: null, fits: null, freeGpus: free.length },
      say:
        free.length === 0
          ? 'No GPU is free now.'
          : `${free.length} GPUs are free: ${models.join(', ')}. Name a model and I check whether it fits.`,
      blocks: [],
    }
  }
  const known = modelShape(name.toLowerCase(), args.model_size ? Number.parseFloat(args.model_size) : null)
  if (!known)
    return {
      data: { model: name, paramsB: null, weightsGib: null, fits: null, freeGpus: free.length },
      say: `I don't know how large ${name} is. Say its size, for example “70b”.`,
      blocks: [],
    }
  const weightsGib = (known.shape.paramsB * 1e9 * BF16) / GIB
  const base = { model: known.shape.name, paramsB: known.shape.paramsB, weightsGib, freeGpus: free.length }
  if (args.task && /serv|host|infer|deploy/.test(args.task)) return serving(base, snapshot.nodes)
  const found = proposeTraining(
    {
      model: name.toLowerCase(),
      paramsB: known.shape.paramsB,
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
  const weights = `${known.shape.name} has ${known.shape.paramsB} B parameters: ${weightsGib.toFixed(1)} GiB of weights in bf16.`
  if (!found.ok) {
    const full = fitOption(known.shape, 'full', 'fsdp', 8, true, 80 * 1024)
    return {
      data: { ...base, fits: false },
      say: `${weights} Training it does not fit now: ${found.refusal.reason} Full fine-tuning takes ${full.memory.totalGib.toFixed(0)} GiB on each of 8 GPUs.`,
      blocks: found.refusal.placement ? [considerBlock(found.refusal.placement.considered, snapshot)] : [],
    }
  }
  const p = found.proposal
  const at = p.placement.places[0]
  return {
    data: { ...base, fits: true },
    say: `${weights} Yes, it can be trained now: ${METHOD_WORDS[p.option.method]} on ${p.option.gpus} GPU${p.option.gpus === 1 ? '' : 's'} of ${at?.nodeName}, ${p.option.memory.totalGib.toFixed(0)} of ${p.option.cardGib.toFixed(0)} GiB on each.`,
    blocks: [considerBlock(p.placement.considered, snapshot)],
  }
}

/** Weights split over cards of one node; a tenth of each card is kept for the engine, and something must be left for the KV cache. */
function serving(
  base: Omit<Output, 'fits'>,
  nodes: Awaited<ReturnType<typeof readFleet>>['nodes'],
): ToolResult<Output> {
  const usable = 0.9
  const options = nodes
    .filter((n) => n.online && !n.blocked)
    .flatMap((node) => {
      const free = node.gpus.filter((g) => !g.unusable && !g.heldBy)
      const card = (free[0]?.memoryMib ?? 0) / 1024
      const need = [1, 2, 4, 8].find((tp) => tp <= free.length && tp * card * usable > (base.weightsGib ?? 0) * 1.1)
      return need
        ? [
            {
              node: node.name,
              gpus: need,
              model: free[0]?.model ?? 'GPU',
              kvGib: need * card * usable - (base.weightsGib ?? 0),
            },
          ]
        : []
    })
  const best = options.sort((a, b) => a.gpus - b.gpus)[0]
  const weights = `${base.model} has ${base.paramsB} B parameters: ${base.weightsGib?.toFixed(1)} GiB of weights in bf16, all of them resident.`
  return {
    data: { ...base, fits: best !== undefined },
    say: best
      ? `${weights} It fits ${best.gpus} × ${best.model} of ${best.node} with tensor parallel ${best.gpus}; about ${best.kvGib.toFixed(0)} GiB stay for the KV cache.`
      : `${weights} No node has enough free GPUs to serve it now.`,
    blocks: [],
  }
}
