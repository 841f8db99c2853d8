import type { TrainPlan } from './job-file'

export type MemoryShape = Pick<
  TrainPlan,
  'paramsB' | 'method' | 'sharding' | 'gradientCheckpointing' | 'worldSize' | 'batchSize' | 'seqLen'
>

const MIB = 1024 * 1024
/** Adam in mixed precision: weights and gradients in 2 bytes, master weights and two moments in 4 each. */
const FULL_BYTES = 16
const WEIGHT_BYTES = 2
/** 4-bit weights with their scales. */
const QLORA_WEIGHT_BYTES = 0.6
const ADAPTER_SHARE = 0.005
/** CUDA context, NCCL buffers and the allocator's slack. */
const OVERHEAD_MIB = 1900
/** Activations of an 8-billion-parameter transformer, MiB per token, with fused attention; grows with size^(2/3). */
const ACTIVATION_MIB_PER_TOKEN = 2.2
const CHECKPOINTED_SHARE = 0.3

/** What one GPU of a training run has to hold, in MiB: state (weights, gradients, optimiser) and activations. */
export function trainingMemory(shape: MemoryShape): { stateMib: number; activationMib: number; totalMib: number } {
  const params = shape.paramsB * 1e9
  const shards = shape.sharding === 'fsdp' || shape.sharding === 'zero3' ? shape.worldSize : 1
  const adapterMib = (params * ADAPTER_SHARE * FULL_BYTES) / MIB
  const stateMib =
    shape.method === 'full'
      ? shape.sharding === 'zero2'
        ? (params * (WEIGHT_BYTES + (FULL_BYTES - WEIGHT_BYTES) / shape.worldSize)) / MIB
        : (params * FULL_BYTES) / shards / MIB
      : (params * (shape.method === 'lora' ? WEIGHT_BYTES : QLORA_WEIGHT_BYTES)) / shards / MIB + adapterMib
  const perToken = ACTIVATION_MIB_PER_TOKEN * (shape.paramsB / 8) ** (2 / 3)
  const activationMib =
    perToken * shape.batchSize * shape.seqLen * (shape.gradientCheckpointing ? CHECKPOINTED_SHARE : 1)
  return { stateMib, activationMib, totalMib: stateMib + activationMib + OVERHEAD_MIB }
}

const MODEL_FLOPS_UTILISATION = 0.42
const FLOPS_PER_PARAM = { full: 6, lora: 4.5, qlora: 5.2 } as const

/** How long one optimiser step takes on unthrottled GPUs, in ms. */
export function trainingStepMs(shape: MemoryShape & { gradAccum: number }, peakTflops: number): number {
  const tokensPerGpu = shape.batchSize * shape.seqLen * shape.gradAccum
  const flops =
    FLOPS_PER_PARAM[shape.method] * shape.paramsB * 1e9 * tokensPerGpu * (shape.gradientCheckpointing ? 4 / 3 : 1)
  return (flops / (peakTflops * 1e12 * MODEL_FLOPS_UTILISATION)) * 1000
}
