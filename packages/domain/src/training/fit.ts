import type { ModelShape } from './model-catalogue'
import { type Method, type Sharding, type TrainingMemory, trainingMemory } from './training-memory'

/** One way to train: how many GPUs, which method, how it is spread, and whether that fits the card. */
export interface FitOption {
  method: Method
  sharding: Sharding
  gpus: number
  gradientCheckpointing: boolean
  memory: TrainingMemory
  cardGib: number
  fits: boolean
  /** Share of the card left free, 0–1; negative when it does not fit. */
  headroom: number
}

/** Below this share of free memory a run lives dangerously: longer sequences or fragmentation end it. */
export const COMFORTABLE_HEADROOM = 0.25
/** Above this share of the card a run counts as not fitting at all. */
const MAX_USED = 0.95

export const MICRO_BATCH = 1
export const SEQUENCE_LENGTH = 2048

export function fitOption(
  shape: ModelShape,
  method: Method,
  sharding: Sharding,
  gpus: number,
  gradientCheckpointing: boolean,
  cardMib: number,
): FitOption {
  const memory = trainingMemory({
    shape,
    method,
    sharding,
    gpus,
    gradientCheckpointing,
    microBatch: MICRO_BATCH,
    sequenceLength: SEQUENCE_LENGTH,
  })
  const cardGib = cardMib / 1024
  const headroom = 1 - memory.totalGib / cardGib
  return { method, sharding, gpus, gradientCheckpointing, memory, cardGib, fits: headroom >= 1 - MAX_USED, headroom }
}

/**
 * Ways to train `shape` on up to `maxGpus` cards of `cardMib`, best first: what was asked for before what was not, the full
 * method before adapters, comfortable before tight, fewer GPUs before more, without recomputation before with.
 */
export function fitOptions(
  shape: ModelShape,
  want: { method: Method | null; gpus: number | null },
  maxGpus: number,
  cardMib: number,
): FitOption[] {
  const methods: Method[] = want.method ? [want.method] : ['full', 'lora', 'qlora']
  const counts = want.gpus ? [want.gpus] : [1, 2, 4, 8, 16].filter((n) => n <= maxGpus)
  const options: FitOption[] = []
  for (const method of methods)
    for (const gpus of counts)
      for (const recompute of [false, true])
        options.push(fitOption(shape, method, shardingFor(method, gpus), gpus, recompute, cardMib))
  return options.filter((o) => o.fits).sort((a, b) => rank(a, methods) - rank(b, methods))
}

/** State that is the same on every card is sharded; adapters are small enough to be copied. */
export function shardingFor(method: Method, gpus: number): Sharding {
  if (gpus === 1) return 'none'
  return method === 'full' ? 'fsdp' : 'ddp'
}

function rank(o: FitOption, methods: Method[]): number {
  const tight = o.headroom < COMFORTABLE_HEADROOM ? 1 : 0
  return methods.indexOf(o.method) * 1000 + tight * 100 + Math.log2(o.gpus) * 10 + (o.gradientCheckpointing ? 1 : 0)
}
