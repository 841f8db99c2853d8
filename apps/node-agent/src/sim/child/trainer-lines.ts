import type { TrainPlan } from '../profile/job-file'

const gib = (mib: number): string => (mib / 1024).toFixed(2)

/** What a trainer prints before its first step. */
export function openingLines(plan: TrainPlan, gpuNames: readonly number[]): string[] {
  const ranks = gpuNames.map((index, rank) => `rank ${rank} -> cuda:${rank} (GPU ${index})`)
  return [
    `world_size=${plan.worldSize} backend=nccl ${ranks.join(', ')}`,
    `model=${plan.model} parameters=${plan.paramsB}B method=${plan.method} sharding=${plan.sharding} gradient_checkpointing=${plan.gradientCheckpointing}`,
    `data=${plan.dataDir ?? 'none'} epochs=${plan.epochs} total_steps=${plan.totalSteps} per_device_batch=${plan.batchSize} seq_len=${plan.seqLen} grad_accum=${plan.gradAccum}`,
  ]
}

export function outOfMemoryLines(
  gpuIndex: number,
  capacityMib: number,
  triedMib: number,
  inUseMib: number,
  where: 'forward' | 'backward',
): string {
  const free = Math.max(0, capacityMib - inUseMib)
  return [
    'Traceback (most recent call last):',
    '  File "/workspace/train.py", line 214, in <module>',
    '    main()',
    `  File "/workspace/train.py", line 187, in main`,
    where === 'backward' ? '    loss.backward()' : '    loss = model(**batch).loss',
    `torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate ${gib(triedMib)} GiB. GPU ${gpuIndex} has a total capacity of ${gib(capacityMib)} GiB of which ${gib(free)} GiB is free. Including non-PyTorch memory, this process has ${gib(inUseMib)} GiB memory in use.`,
  ].join('\n')
}

export const cudaFailureLines = (message: string): string =>
  [
    'Traceback (most recent call last):',
    '  File "/workspace/train.py", line 190, in main',
    '    torch.cuda.synchronize()',
    `RuntimeError: ${message}`,
    'CUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.',
  ].join('\n')

export const launchFailedLine =
  'CUDA_ERROR_LAUNCH_FAILED (719): unspecified launch failure; the context is no longer usable, waiting for the collective to end'

export const childFailedLine = (rank: number, exitCode: number): string =>
  `torch.distributed.elastic.multiprocessing.errors.ChildFailedError: train.py FAILED (rank: ${rank}, exitcode: ${exitCode})`
