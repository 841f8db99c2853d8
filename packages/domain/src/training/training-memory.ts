import type { ModelShape } from './model-catalogue'

export type Method = 'full' | 'lora' | 'qlora'
export type Sharding = 'none' | 'ddp' | 'fsdp'

export interface TrainingMemoryInput {
  shape: ModelShape
  method: Method
  sharding: Sharding
  gpus: number
  gradientCheckpointing: boolean
  /** Sequences per GPU and step. */
  microBatch: number
  sequenceLength: number
}

export interface TrainingMemory {
  /** Weights, gradients and optimiser state on each GPU. */
  stateGib: number
  activationsGib: number
  /** CUDA context, NCCL buffers, fragmentation. */
  overheadGib: number
  totalGib: number
  /** The arithmetic, for the card. */
  arithmetic: string
}

/** AdamW in mixed precision: 2 weights + 2 gradients + 4 master + 4 + 4 moments (Rajbhandari et al. 2020, ZeRO). */
const FULL_BYTES_PER_PARAM = 16
/** Share of parameters that a rank-16 adapter on all linear layers trains, from Hu et al. 2021 and common configurations. */
const LORA_TRAINED_SHARE = 0.006
/** 4-bit NF4 weights with double quantisation: 0.5 byte plus 0.127 bit × block constants (Dettmers et al. 2023). */
const QLORA_BYTES_PER_PARAM = 0.52
const GIB = 1024 ** 3

/** Memory on each GPU, in GiB. Activations: 34·s·b·h bytes a layer with flash attention (Korthikanti et al. 2022), 2·s·b·h when recomputed. */
export function trainingMemory(input: TrainingMemoryInput): TrainingMemory {
  const { shape, gpus } = input
  const params = shape.paramsB * 1e9
  const shards = input.sharding === 'fsdp' ? gpus : 1
  const bytesPerParam = stateBytesPerParam(input.method)
  // FSDP gathers one layer at a time in full precision of compute.
  const gathered = input.sharding === 'fsdp' && gpus > 1 ? (2 * 2 * params) / shape.layers : 0
  const state = (bytesPerParam * params) / shards + gathered
  const tokens = input.microBatch * input.sequenceLength
  const perLayer = (input.gradientCheckpointing ? 2 : 34) * tokens * shape.hidden
  const oneLayerLive = input.gradientCheckpointing ? 34 * tokens * shape.hidden : 0
  const logits = 3 * 4 * tokens * shape.vocab
  const activations = perLayer * shape.layers + oneLayerLive + logits
  const overheadGib = 2 + (gpus > 1 ? 1 : 0)
  const stateGib = state / GIB
  const activationsGib = activations / GIB
  const totalGib = (stateGib + activationsGib) * 1.05 + overheadGib
  return {
    stateGib,
    activationsGib,
    overheadGib,
    totalGib,
    arithmetic: words(input, bytesPerParam, stateGib, activationsGib, overheadGib, totalGib),
  }
}

function stateBytesPerParam(method: Method): number {
  if (method === 'full') return FULL_BYTES_PER_PARAM
  const base = method === 'lora' ? 2 : QLORA_BYTES_PER_PARAM
  return base + LORA_TRAINED_SHARE * FULL_BYTES_PER_PARAM
}

function words(
  i: TrainingMemoryInput,
  bytesPerParam: number,
  stateGib: number,
  activationsGib: number,
  overheadGib: number,
  totalGib: number,
): string {
  const split = i.sharding === 'fsdp' && i.gpus > 1 ? ` ÷ ${i.gpus} GPUs` : ' on each GPU'
  return (
    `${round(i.shape.paramsB)} B parameters × ${round(bytesPerParam)} B${split} = ${round(stateGib)} GiB state, ` +
    `+ ${round(activationsGib)} GiB activations (batch ${i.microBatch} × ${i.sequenceLength} tokens${i.gradientCheckpointing ? ', recomputed' : ''}) ` +
    `× 1.05 + ${overheadGib} GiB overhead = ${round(totalGib)} GiB`
  )
}

const round = (n: number): string => (n >= 100 ? n.toFixed(0) : n.toFixed(1).replace(/\.0$/, ''))
