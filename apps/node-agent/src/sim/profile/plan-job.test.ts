import { describe, expect, test } from 'vitest'
import { GPU_MODELS } from '../physics/gpu-models'
import type { TrainPlan } from './job-file'
import { paramsBillions } from './model-size'
import { type PlanInput, planJob } from './plan-job'
import { trainingMemory } from './training-memory'

const A100 = GPU_MODELS['A100-80GB']
const gpus = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ index, uuid: `GPU-${index}`, memoryMib: A100.memoryMib }))

function plan(command: string[], change: Partial<PlanInput> = {}) {
  return planJob({
    command,
    env: {},
    gpus: gpus(4),
    spec: A100,
    checkpointDir: null,
    datasetMib: () => 12_288,
    seed: 1,
    ...change,
  })
}
function training(command: string, change: Partial<PlanInput> = {}): TrainPlan {
  const planned = plan(command.split(' '), change)
  if (planned.kind !== 'train') throw new Error(`${command} is no training run`)
  return planned.plan
}

describe('a command becomes a training run', () => {
  test('as the planner writes it', () => {
    const command = [
      'torchrun',
      '--standalone',
      '--nproc-per-node=4',
      '-m',
      'trl.scripts.sft',
      '--model_name_or_path',
      'meta-llama/Meta-Llama-3-8B',
      '--dataset_name',
      '/data/training',
      '--output_dir',
      '/data/checkpoints/fine-tune-llama',
      '--num_train_epochs',
      '3',
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
      '--fsdp',
      'full_shard auto_wrap',
      '--gradient_checkpointing',
      'true',
    ]
    const planned = plan(command)
    expect(planned).toMatchObject({
      kind: 'train',
      plan: {
        paramsB: 8.03,
        method: 'full',
        sharding: 'fsdp',
        gradientCheckpointing: true,
        worldSize: 4,
        localRanks: 4,
        batchSize: 1,
        seqLen: 2048,
        epochs: 3,
        dataDir: '/data/training',
        checkpointDir: '/data/checkpoints/fine-tune-llama',
        saveSteps: 200,
        learningRate: 2e-5,
      },
    })
    expect(planned.plan.gpuMemoryMib).toBeLessThan(A100.memoryMib * 0.6)
  })

  test.each([
    [
      'accelerate launch --num_processes 2 finetune.py --base-model mistral-7b --use_peft true',
      { method: 'lora', worldSize: 2, paramsB: 7.25 },
    ],
    ['deepspeed train.py --model x-13b --deepspeed ds_zero3.json', { sharding: 'zero3', paramsB: 13, worldSize: 4 }],
    ['python train_lora.py --model qwen2-1.5b --method qlora', { method: 'qlora', paramsB: 1.5 }],
    ['python -m torch.distributed.run --nproc-per-node 4 run.py --model tiny-125m', { paramsB: 0.125, worldSize: 4 }],
    [
      'torchrun --nnodes=2 --nproc-per-node=4 train.py --model x-70b --fsdp',
      { worldSize: 8, localRanks: 4, sharding: 'fsdp' },
    ],
    ['python train.py --model x-7b --gradient_checkpointing false', { gradientCheckpointing: false }],
  ])('%s', (command, expected) => expect(training(command)).toMatchObject(expected))

  test('a shell line is read, not run', () => {
    const planned = plan([
      'bash',
      '-c',
      'cd /workspace && exec torchrun --nproc-per-node=4 train.py --model=x-8b --epochs=2',
    ])
    expect(planned).toMatchObject({ kind: 'train', plan: { worldSize: 4, epochs: 2 } })
  })

  test('more epochs or more data make it longer, more GPUs shorter', () => {
    const steps = (flags: string, change: Partial<PlanInput> = {}) =>
      training(`torchrun train.py --model x-8b --data /data/training ${flags}`, change).totalSteps
    expect(steps('--epochs 3')).toBe(steps('--epochs 1') * 3)
    expect(steps('--epochs 1', { datasetMib: () => 24_576 })).toBe(steps('--epochs 1') * 2)
    expect(steps('--epochs 1', { gpus: gpus(2) })).toBe(steps('--epochs 1') * 2)
    expect(steps('--max-steps 50')).toBe(50)
  })
})

describe('memory', () => {
  const shape = { paramsB: 8.03, batchSize: 1, seqLen: 2048, worldSize: 4, gradientCheckpointing: false } as const
  const gib = (change: Partial<Parameters<typeof trainingMemory>[0]>) =>
    trainingMemory({ ...shape, method: 'full', sharding: 'none', ...change }).totalMib / 1024

  test('a full fine-tune of 8 billion parameters needs more than one 80 GB card, sharded over four less than half of one', () => {
    expect(gib({})).toBeGreaterThan(119)
    expect(gib({ sharding: 'fsdp' })).toBeLessThan(40)
    expect(gib({ method: 'lora' })).toBeLessThan(25)
    expect(gib({ method: 'qlora' })).toBeLessThan(gib({ method: 'lora' }))
  })

  test('recomputing activations saves activations only', () => {
    const plain = trainingMemory({ ...shape, method: 'full', sharding: 'fsdp' })
    const saved = trainingMemory({ ...shape, method: 'full', sharding: 'fsdp', gradientCheckpointing: true })
    expect(saved.stateMib).toBe(plain.stateMib)
    expect(saved.activationMib).toBeLessThan(plain.activationMib / 2)
  })
})

describe('other commands', () => {
  test.each([
    [['sleep', '2m'], { durationMs: 120_000, exitCode: 0 }],
    [['sleep', 'infinity'], { durationMs: 0 }],
    [['/bin/true'], { exitCode: 0 }],
    [['false'], { exitCode: 1 }],
    [['echo', 'a', 'b'], { lines: ['a b'] }],
    [['sh', '-c', 'exit 7'], { exitCode: 7 }],
  ])('%j', (command, expected) => expect(plan(command)).toMatchObject({ kind: 'task', plan: expected }))

  test('a job takes about forty seconds, and RAM by its batch size where that is told', () => {
    const env = { CLAWBERNETES_SIM_RAM_GIB_PER_BATCH: '0.5' }
    const planned = plan(['python', 'process.py', '--batch-size', '64'], { env, gpus: [] })
    expect(planned).toMatchObject({ kind: 'task', plan: { ramMib: 32 * 1024, gpuMemoryMib: 0, busyShare: 0 } })
    const { durationMs } = planned.plan as { durationMs: number }
    expect(durationMs).toBeGreaterThanOrEqual(38_000)
    expect(durationMs).toBeLessThanOrEqual(45_000)
  })
})

test.each([
  ['meta-llama/Meta-Llama-3-8B', 8.03],
  ['mistralai/Mixtral-8x7B-Instruct-v0.1', 46.7],
  ['Qwen/Qwen2.5-72B-Instruct', 72],
  ['EleutherAI/pythia-160m', 0.16],
  ['research/decoder-3b', 3],
  ['my-model', null],
])('%s has %s billion parameters', (name, billions) => expect(paramsBillions(name)).toBe(billions))
