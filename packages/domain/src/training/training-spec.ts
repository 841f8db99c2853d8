import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { FitOption } from './fit'
import { hubName } from './hub-name'

/** A public image with PyTorch, transformers and torchrun; a card lets people name another. */
export const DEFAULT_TRAINING_IMAGE = 'huggingface/transformers-pytorch-gpu:latest'
/** NCCL and data loaders need far more than a container's 64 MiB of /dev/shm. */
const SHM_MIB = 16 * 1024
/** Time to write a last checkpoint after SIGTERM. */
const STOP_GRACE_MS = 120_000

export interface TrainingSpecInput {
  name: string
  model: string
  paramsB: number
  option: FitOption
  /** 1, or the nodes of a gang; each runs `option.gpus / nodeCount` ranks. */
  nodeCount: number
  datasetPath: string | null
  epochs: number
  image: string | null
  /** A person's own script or command instead of the standard trainer. */
  script: string | null
  nodes: string[] | null
  excludeNodes: string[]
  gpuModel: string | null
  memoryMib: number | null
}

/** The complete workload for a training run: `torchrun` on one node, data read-only, checkpoints below /data/checkpoints. */
export function trainingSpec(input: TrainingSpecInput): WorkloadSpec {
  const { option } = input
  const output = `/data/checkpoints/${input.name}`
  const mounts = [{ hostPath: output, containerPath: output, readOnly: false }]
  if (input.datasetPath)
    mounts.unshift({ hostPath: input.datasetPath, containerPath: input.datasetPath, readOnly: true })
  return {
    kind: 'training',
    runtime: 'container',
    image: input.image ?? DEFAULT_TRAINING_IMAGE,
    command: torchrun(input, output),
    env: {
      NCCL_DEBUG: 'WARN',
      TORCH_NCCL_ASYNC_ERROR_HANDLING: '3',
      PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True',
    },
    workdir: null,
    mounts,
    ports: [],
    replicas: input.nodeCount,
    gpusPerReplica: option.gpus / input.nodeCount,
    gang: input.nodeCount > 1,
    memoryMib: input.memoryMib,
    cpus: null,
    shmMib: SHM_MIB,
    health: null,
    restart: { policy: 'on-failure', maxRestarts: 2, backoffMs: 10_000 },
    stop: { signal: 'SIGTERM', graceMs: STOP_GRACE_MS },
    checkpoint: { dir: output, signal: 'SIGUSR1' },
    placement: { nodes: input.nodes, excludeNodes: input.excludeNodes, labels: {}, gpuModel: input.gpuModel },
    training: {
      model: input.model,
      paramsB: input.paramsB,
      method: option.method,
      sharding: option.sharding,
      gradientCheckpointing: option.gradientCheckpointing,
      datasetPath: input.datasetPath,
      epochs: input.epochs,
      framework: 'torchrun',
    },
  }
}

function torchrun(input: TrainingSpecInput, output: string): string[] {
  const { option } = input
  // One node: --standalone makes its own rendezvous on a free port, so runs on one machine never meet.
  const launch = ['torchrun', '--standalone', `--nproc-per-node=${option.gpus / input.nodeCount}`]
  if (input.script)
    return [
      ...launch,
      input.script,
      ...(input.datasetPath ? ['--data', input.datasetPath] : []),
      '--output_dir',
      output,
    ]
  const argv = [...launch, '-m', 'trl.scripts.sft', '--model_name_or_path', hubName(input.model)]
  if (input.datasetPath) argv.push('--dataset_name', input.datasetPath)
  argv.push(
    '--output_dir',
    output,
    '--num_train_epochs',
    String(input.epochs),
    '--per_device_train_batch_size',
    '1',
    '--max_seq_length',
    '2048',
    '--bf16',
    'true',
    '--logging_steps',
    '1',
    '--save_steps',
    '200',
  )
  if (option.method !== 'full') argv.push('--use_peft', 'true', '--lora_r', '16', '--lora_target_modules', 'all-linear')
  if (option.method === 'qlora') argv.push('--load_in_4bit', 'true')
  if (option.sharding === 'fsdp') argv.push('--fsdp', 'full_shard auto_wrap')
  if (option.gradientCheckpointing) argv.push('--gradient_checkpointing', 'true')
  return argv
}

/** "fine-tune-llama" of "llama-3-8b"; `taken` names get a number. */
export function trainingName(model: string, taken: ReadonlySet<string>): string {
  const family = /^[a-z]+/.exec(model)?.[0] ?? 'model'
  const base = `fine-tune-${family}`
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`
    if (!taken.has(name)) return name
  }
}
