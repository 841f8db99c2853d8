import type { GpuCounter } from '@clawbernetes/protocol/node/telemetry'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { workloadSpecOf } from '../workloads/workload-spec-of'

/** A workload that a seeded world begins with. */
export interface ScenarioWorkload {
  name: string
  /** Handle of the person it belongs to; the seed maps it to a user. */
  owner: string
  spec: WorkloadSpec
  /** Where it runs; null: it waits, because what it asks for is not free. */
  nodes: string[] | null
}

/** A counter's value in the past, so that a report can say what changed since. */
export interface ScenarioCounter {
  node: string
  gpu: number
  kind: GpuCounter['kind']
  location: GpuCounter['location']
  scope: GpuCounter['scope']
  hoursAgo: number
  value: number
}

const BASE = workloadSpecOf({
  gpusPerReplica: 1,
  restart: { policy: 'on-failure', maxRestarts: 2, backoffMs: 10_000 },
  stop: { signal: 'SIGTERM', graceMs: 30_000 },
})

export interface TrainingInput {
  name: string
  /** As the training script takes it. */
  model: string
  paramsB: number
  method: 'full' | 'lora' | 'qlora'
  gpus: number
  data: string
  batchSize: number
  seqLen: number
  epochs: number
  image: string
  gradientCheckpointing?: boolean
  placement?: Partial<WorkloadSpec['placement']>
  /** Steps done before the world begins. */
  startStep?: number
}

/** A fine-tune as the planner writes one: torchrun, data read-only, checkpoints under /data/checkpoints. */
export function trainingSpec(input: TrainingInput): WorkloadSpec {
  const sharding = input.gpus > 1 ? (input.method === 'full' ? 'fsdp' : 'ddp') : 'none'
  const checkpoints = `/data/checkpoints/${input.name}`
  const gradientCheckpointing = input.gradientCheckpointing ?? false
  return {
    ...BASE,
    kind: 'training',
    image: input.image,
    command: [
      'torchrun',
      '--standalone',
      `--nproc-per-node=${input.gpus}`,
      'train.py',
      `--model=${input.model}`,
      `--method=${input.method}`,
      `--sharding=${sharding}`,
      `--data=${input.data}`,
      `--output-dir=${checkpoints}`,
      `--epochs=${input.epochs}`,
      `--batch-size=${input.batchSize}`,
      `--seq-len=${input.seqLen}`,
      ...(gradientCheckpointing ? ['--gradient-checkpointing'] : []),
    ],
    env: input.startStep ? { CLAWBERNETES_SIM_START_STEP: String(input.startStep) } : {},
    mounts: [
      { hostPath: input.data, containerPath: input.data, readOnly: true },
      { hostPath: checkpoints, containerPath: checkpoints, readOnly: false },
    ],
    gpusPerReplica: input.gpus,
    shmMib: 16_384,
    checkpoint: { dir: checkpoints, signal: 'SIGUSR1' },
    placement: { ...BASE.placement, ...input.placement },
    training: {
      model: (input.model.split('/').at(-1) ?? input.model).toLowerCase(),
      paramsB: input.paramsB,
      method: input.method,
      sharding,
      gradientCheckpointing,
      datasetPath: input.data,
      epochs: input.epochs,
      framework: 'torchrun',
    },
  }
}

export interface JobInput {
  kind: 'batch' | 'job'
  image: string
  command: string[]
  data: string
  /** What the simulated process does on its GPU and how long; see docs/demo.md. */
  profile: { busy: number; gpuMemoryGib: number; ramGib: number; cpus: number }
  placement?: Partial<WorkloadSpec['placement']>
}

/** A long-running job on one GPU that reads its data and prints how far it is. */
export function jobSpec(input: JobInput): WorkloadSpec {
  const { busy, gpuMemoryGib, ramGib, cpus } = input.profile
  return {
    ...BASE,
    kind: input.kind,
    image: input.image,
    command: input.command,
    env: {
      CLAWBERNETES_SIM_DURATION_S: '0',
      CLAWBERNETES_SIM_BUSY: String(busy),
      CLAWBERNETES_SIM_GPU_MEMORY_GIB: String(gpuMemoryGib),
      CLAWBERNETES_SIM_RAM_GIB: String(ramGib),
      CLAWBERNETES_SIM_CPUS: String(cpus),
    },
    mounts: [{ hostPath: input.data, containerPath: input.data, readOnly: true }],
    placement: { ...BASE.placement, ...input.placement },
  }
}
