import type { GpuModelSpec } from '../physics/gpu-models'
import { chance } from '../physics/noise'
import type { JobFile, TaskPlan, TrainPlan } from './job-file'
import { paramsBillions } from './model-size'
import { type ParsedCommand, parseCommand } from './parse-command'
import { trainingMemory, trainingStepMs } from './training-memory'

export interface PlanInput {
  command: readonly string[]
  env: Readonly<Record<string, string>>
  gpus: readonly { index: number; uuid: string; memoryMib: number }[]
  spec: GpuModelSpec | null
  checkpointDir: string | null
  /** Size of what lies below the data path that the command names; null: not there or not named. */
  datasetMib: (path: string) => number | null
  seed: number
}

/** Settings that a scenario or a test gives a simulated process by its environment. */
const SETTINGS = 'CLAWBERNETES_SIM_'
/** Without a flag, a checkpoint about every two minutes. */
const SAVE_EVERY_MS = 120_000
/** One sample of a text dataset. */
const SAMPLE_KIB = 8
const DEFAULT_SAMPLES = 50_000
const FOR_EVER_S = 2_147_483_647
/** Exit codes for which there is a command. */
const EXITS: Readonly<Record<number, string[]>> = { 0: ['true'], 1: ['false'] }

/** Turns an assignment's command line into what the simulated process will do. Pure. */
export function planJob(
  input: PlanInput,
): Pick<JobFile, 'kind'> & ({ kind: 'train'; plan: TrainPlan } | { kind: 'task'; plan: TaskPlan }) {
  const parsed = parseCommand(input.command)
  return parsed.kind === 'train'
    ? { kind: 'train', plan: planTraining(parsed, input) }
    : { kind: 'task', plan: planTask(parsed, input) }
}

function planTraining(parsed: Extract<ParsedCommand, { kind: 'train' }>, input: PlanInput): TrainPlan {
  const { flags } = parsed
  const setting = settings(input.env)
  const model = flags.text('model', 'model-name-or-path', 'model-name', 'base-model', 'model-id') ?? parsed.script
  const method = flags.has('qlora', 'load-in-4bit')
    ? 'qlora'
    : flags.has('lora', 'use-lora', 'use-peft')
      ? 'lora'
      : methodOf(flags.text('method', 'finetuning-type', 'adapter', 'tuning'))
  const perNode = parsed.processesPerNode === 'all' ? Math.max(1, input.gpus.length) : parsed.processesPerNode
  const shape = {
    paramsB: flags.number('params-b') ?? paramsBillions(model) ?? 1,
    method,
    sharding: shardingOf(flags.text('sharding', 'strategy', 'parallel'), flags),
    gradientCheckpointing: flags.has('gradient-checkpointing', 'activation-checkpointing'),
    worldSize: perNode * parsed.nodes,
    batchSize: whole(flags.number('batch-size', 'per-device-train-batch-size', 'micro-batch-size'), 1, 1),
    seqLen: whole(flags.number('seq-len', 'max-seq-length', 'max-seq-len', 'cutoff-len', 'block-size'), 2048, 1),
    gradAccum: whole(flags.number('gradient-accumulation-steps', 'grad-accum'), 1, 1),
  } as const
  const memory = trainingMemory(shape)
  const stepMs = Math.max(40, setting.number('STEP_MS') ?? trainingStepMs(shape, input.spec?.peakTflops ?? 1))
  const dataDir = flags.text(
    'data',
    'data-dir',
    'data-path',
    'dataset',
    'dataset-path',
    'dataset-name',
    'train-data',
    'train-file',
  )
  const epochs = flags.number('epochs', 'num-train-epochs', 'num-epochs') ?? 1
  const datasetMib = dataDir === null ? null : input.datasetMib(dataDir)
  const samples = datasetMib === null ? DEFAULT_SAMPLES : Math.max(1, (datasetMib * 1024) / SAMPLE_KIB)
  const byEpochs = Math.ceil((epochs * samples) / (shape.batchSize * shape.gradAccum * shape.worldSize))
  const maxSteps = flags.number('max-steps')
  const totalSteps = whole(maxSteps !== null && maxSteps > 0 ? maxSteps : byEpochs, 100, 1)
  return {
    ...shape,
    model,
    localRanks: perNode,
    learningRate: flags.number('lr', 'learning-rate') ?? (method === 'full' ? 2e-5 : 2e-4),
    warmupSteps: whole(flags.number('warmup-steps'), Math.min(100, Math.ceil(totalSteps * 0.03)), 0),
    totalSteps,
    epochs,
    dataDir,
    checkpointDir: input.checkpointDir ?? flags.text('checkpoint-dir', 'output-dir', 'save-dir', 'out-dir'),
    saveSteps: whole(
      flags.number('save-steps', 'save-every', 'checkpoint-every'),
      Math.max(1, Math.round(SAVE_EVERY_MS / stepMs)),
      1,
    ),
    keepLast: whole(flags.number('save-total-limit', 'keep-last'), 3, 1),
    keepEvery: whole(flags.number('keep-every'), 0, 0),
    resume: !flags.has('no-resume'),
    resumeFrom: flags.text('resume-from-checkpoint'),
    stepMs,
    gpuMemoryMib: setting.gib('GPU_MEMORY_GIB') ?? memory.totalMib,
    activationMib: memory.activationMib,
    ramMib: setting.gib('RAM_GIB') ?? Math.min(24_000, 1200 + shape.paramsB * 380 * Math.min(2, perNode)),
    startStep: whole(setting.number('START_STEP'), 0, 0),
  }
}

function planTask(parsed: Exclude<ParsedCommand, { kind: 'train' }>, input: PlanInput): TaskPlan {
  const setting = settings(input.env)
  const gpu = input.gpus.length > 0
  const base = {
    title: 'task',
    durationMs: 0,
    exitCode: setting.number('EXIT_CODE') ?? 0,
    busyShare: 0,
    intensity: 0,
    gpuMemoryMib: 0,
    ramMib: setting.gib('RAM_GIB') ?? 20,
    cpuCores: 0.05,
    lines: [] as string[],
    quiet: true,
    native: [] as string[],
  }
  switch (parsed.kind) {
    case 'sleep': {
      const durationMs = parsed.seconds === null ? 0 : Math.max(1, parsed.seconds * 1000)
      const native = base.exitCode === 0 ? ['sleep', String(parsed.seconds ?? FOR_EVER_S)] : []
      return { ...base, title: 'sleep', durationMs, native }
    }
    case 'echo':
      return { ...base, title: 'echo', durationMs: 1, lines: [parsed.text] }
    case 'exit':
      return { ...base, title: 'exit', durationMs: 1, exitCode: parsed.code, native: EXITS[parsed.code] ?? [] }
    case 'nvidia-smi':
      return {
        ...base,
        title: 'nvidia-smi',
        durationMs: 1,
        lines: input.gpus.map((g, i) => `GPU ${i}: ${input.spec?.name ?? 'GPU'} (UUID: ${g.uuid})`),
      }
    case 'task': {
      const batch = parsed.flags.number('batch-size')
      const perBatch = setting.gib('RAM_GIB_PER_BATCH')
      const seconds = setting.number('DURATION_S') ?? 38 + Math.floor(chance(input.seed, 7) * 8)
      return {
        ...base,
        title: parsed.title,
        durationMs: Math.max(0, seconds * 1000),
        busyShare: gpu ? (setting.number('BUSY') ?? 0.55 + 0.35 * chance(input.seed, 1)) : 0,
        intensity: gpu ? 0.45 + 0.3 * chance(input.seed, 2) : 0,
        gpuMemoryMib: gpu ? (setting.gib('GPU_MEMORY_GIB') ?? 8192 + Math.round(chance(input.seed, 3) * 24_000)) : 0,
        ramMib: setting.gib('RAM_GIB') ?? (perBatch !== null && batch !== null ? perBatch * batch : 1500),
        cpuCores: setting.number('CPUS') ?? 1 + 2 * chance(input.seed, 4),
        quiet: false,
      }
    }
  }
}

function settings(env: Readonly<Record<string, string>>) {
  const number = (name: string): number | null => {
    const text = env[SETTINGS + name]
    const value = text === undefined || text === '' ? Number.NaN : Number(text)
    return Number.isFinite(value) ? value : null
  }
  return {
    number,
    gib: (name: string): number | null => {
      const value = number(name)
      return value === null ? null : value * 1024
    },
  }
}

function methodOf(text: string | null): TrainPlan['method'] {
  const word = text?.toLowerCase() ?? ''
  if (word.includes('qlora')) return 'qlora'
  return word.includes('lora') || word.includes('peft') ? 'lora' : 'full'
}

function shardingOf(
  text: string | null,
  flags: { has(...names: string[]): boolean; text(...names: string[]): string | null },
): TrainPlan['sharding'] {
  const word = `${text ?? ''} ${flags.text('deepspeed') ?? ''}`.toLowerCase()
  if (/zero-?3|stage-?3/.test(word)) return 'zero3'
  if (/zero-?2|stage-?2/.test(word)) return 'zero2'
  return word.includes('fsdp') || flags.has('fsdp', 'use-fsdp') ? 'fsdp' : 'none'
}

const whole = (value: number | null, otherwise: number, least: number): number =>
  Math.max(least, Math.round(value ?? otherwise))
