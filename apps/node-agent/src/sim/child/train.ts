import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chance } from '../physics/noise'
import type { ProcessEffect, World } from '../machine/world-file'
import type { EndFile, JobFile, Report, TrainPlan } from '../profile/job-file'
import { checkpointAt, newestCheckpoint, pruneCheckpoints, writeCheckpoint } from './checkpoints'
import { resolveContainerPath } from './container-paths'
import { gradNormAt, learningRateAt, lossAt } from './curves'
import type { ProcessLog } from './process-log'
import type { ProcessFiles } from './process-files'
import { childFailedLine, cudaFailureLines, launchFailedLine, openingLines, outOfMemoryLines } from './trainer-lines'

type TrainJob = Extract<JobFile, { kind: 'train' }>

/** Shortest and longest pause between two looks at the world, in ms: the demo's processes must cost next to nothing. */
const SHORTEST_WAKE_MS = 1800
const LONGEST_WAKE_MS = 2500
/** In a world that runs faster the processes look more often, up to this. */
const QUICKEST_WAKE_MS = 100
const LOADING_MS = 2500
/** Free memory that the driver itself keeps. */
const RESERVED_MIB = 620
/** Steps after a start until the long sequences of the data come. */
const STEPS_TO_SPIKE = 4
const SPIKE_MIB = 78 * 1024
/** A launcher gives its ranks this long before it kills them. */
const LAUNCHER_GRACE_MS = 2500

/** One training run: real time, real files, made-up mathematics. Its speed is that of the slowest of its GPUs. */
export class TrainRun {
  #plan: TrainPlan
  #step = 0
  #firstStep = 0
  #saved = 0
  #carryMs = 0
  #lastWakeMs = Date.now()
  #startedMs = Date.now()
  #phase: Report['phase'] = 'loading'
  #memoryMib = 600
  #checkpointDir: string | null
  #timer: NodeJS.Timeout | null = null
  #ended = false
  #dataPath: string | null = null

  constructor(
    readonly job: TrainJob,
    readonly files: ProcessFiles,
    readonly log: ProcessLog,
  ) {
    this.#plan = job.plan
    const resolve = (path: string) => resolveContainerPath(path, job.mounts, join(files.dir, 'layer'))
    const checkpoints = this.#plan.checkpointDir === null ? null : resolve(this.#plan.checkpointDir)
    this.#checkpointDir = checkpoints === null || checkpoints.readOnly ? null : checkpoints.path
    if (this.#plan.dataDir?.startsWith('/')) this.#dataPath = resolve(this.#plan.dataDir).path
  }

  begin(): void {
    const { job, log } = this
    const indexes = job.gpuUuids.map((uuid) => this.files.world()?.gpus[uuid]?.index ?? 0)
    for (const line of openingLines(this.#plan, indexes)) log.out(line)
    this.#report()
    if (this.#dataPath !== null && !existsSync(this.#dataPath))
      return this.#fail(`FileNotFoundError: [Errno 2] No such file or directory: '${this.#plan.dataDir}'`)
    if (this.#plan.checkpointDir !== null && this.#checkpointDir === null)
      return this.#fail(`OSError: [Errno 30] Read-only file system: '${this.#plan.checkpointDir}'`)
    if (this.#plan.localRanks > job.gpuUuids.length) {
      return this.#fail(
        `RuntimeError: CUDA error: invalid device ordinal (${this.#plan.localRanks} processes were asked for, ${job.gpuUuids.length} GPUs are visible)`,
      )
    }
    log.out('loading weights and optimizer state')
    this.#timer = setTimeout(() => this.#loaded(), LOADING_MS / (this.files.world()?.timeScale ?? 1))
  }

  /** SIGUSR1 or SIGUSR2: a checkpoint now. */
  checkpointNow(): void {
    if (this.#ended || this.#phase === 'hung') return
    if (this.#phase === 'loading')
      return this.log.err('checkpoint requested before the first step: nothing to save yet')
    this.log.out(`checkpoint requested at step ${this.#step}`)
    this.#save()
  }

  /** SIGTERM or SIGINT: save and leave; a hung rank cannot, its launcher ends it. */
  terminate(signal: 'SIGTERM' | 'SIGINT'): void {
    if (this.#ended) return
    const exitCode = signal === 'SIGTERM' ? 143 : 130
    if (this.#phase === 'hung') {
      this.log.err(`received ${signal}; ranks do not answer, killing them`)
      setTimeout(() => this.#end({ exitCode, oomKilled: false }), LAUNCHER_GRACE_MS)
      return
    }
    this.log.out(`received ${signal}, saving a checkpoint before exit`)
    if (this.#phase !== 'loading') this.#save()
    this.#end({ exitCode, oomKilled: false })
  }

  /** The simulated machine is put to sleep: the run goes on from here when it wakes. */
  suspend(): void {
    if (this.#ended) return
    if (this.#phase !== 'loading' && this.#phase !== 'hung') this.#save()
    this.#end({ exitCode: 0, oomKilled: false, suspended: true })
  }

  #loaded(): void {
    const world = this.files.world()
    const capacity = this.#capacityMib(world)
    const plan = this.#plan
    if (plan.gpuMemoryMib > capacity) {
      this.#memoryMib = Math.min(capacity - 40, plan.gpuMemoryMib - plan.activationMib * 0.5)
      this.#report()
      const tried = Math.max(64, Math.min(plan.gpuMemoryMib - capacity + 512, plan.gpuMemoryMib * 0.5))
      return this.#fail(`${outOfMemoryLines(0, capacity, tried, this.#memoryMib, 'forward')}\n${childFailedLine(0, 1)}`)
    }
    this.#memoryMib = plan.gpuMemoryMib
    this.#step = plan.startStep
    const named = plan.resumeFrom === null ? null : this.#namedCheckpoint(plan.resumeFrom)
    if (plan.resumeFrom !== null && named === null)
      return this.#fail(`ValueError: Can't find a valid checkpoint at ${plan.resumeFrom}`)
    const newest = named ?? (plan.resume && this.#checkpointDir !== null ? newestCheckpoint(this.#checkpointDir) : null)
    for (const name of newest?.skipped ?? []) this.log.err(`skipping ${name}: it is not complete`)
    if (newest) {
      this.#step = newest.step
      this.log.out(`resuming from ${newest.name} (step ${newest.step})`)
    }
    this.#firstStep = this.#step
    this.#saved = this.#step
    this.#phase = 'compute'
    this.#lastWakeMs = Date.now()
    this.#report()
    if (this.#step >= plan.totalSteps) return this.#finish()
    this.#timer = setTimeout(() => this.#wake(), QUICKEST_WAKE_MS)
  }

  #namedCheckpoint(path: string): ReturnType<typeof newestCheckpoint> {
    const place = resolveContainerPath(path, this.job.mounts, join(this.files.dir, 'layer')).path
    return checkpointAt(place)
  }

  #wake(): void {
    const now = Date.now()
    const world = this.files.world()
    const elapsedMs = now - this.#lastWakeMs
    this.#lastWakeMs = now
    if (this.#ended) return
    const speed = Math.min(1, ...this.job.gpuUuids.map((uuid) => world?.gpus[uuid]?.speed ?? 1))
    const timeScale = world?.timeScale ?? 1
    if (this.#suffer(world)) return
    if (this.#phase === 'compute') this.#advance(elapsedMs, speed, timeScale)
    if (this.#ended) return
    const untilNextStep = (this.#plan.stepMs - this.#carryMs) / Math.max(0.01, speed * timeScale)
    this.#timer = setTimeout(
      () => this.#wake(),
      Math.min(LONGEST_WAKE_MS, Math.max(QUICKEST_WAKE_MS, SHORTEST_WAKE_MS / timeScale, untilNextStep + 5)),
    )
  }

  #advance(elapsedMs: number, speed: number, timeScale: number): void {
    const plan = this.#plan
    this.#carryMs += elapsedMs * timeScale * speed
    const steps = Math.min(Math.floor(this.#carryMs / plan.stepMs), plan.totalSteps - this.#step)
    if (steps < 1) return
    this.#carryMs -= steps * plan.stepMs
    this.#step += steps
    this.#logStep(speed)
    if (this.#step >= plan.totalSteps) return this.#finish()
    if (this.#step - this.#saved >= plan.saveSteps) this.#save()
  }

  #logStep(speed: number): void {
    const plan = this.#plan
    const { seed } = this.job
    const tokens = plan.batchSize * plan.seqLen * plan.gradAccum * plan.worldSize
    const jitter = 1 + 0.03 * (chance(seed ^ 0x70c, this.#step) - 0.5)
    const perSecond = Math.round((tokens / (plan.stepMs / speed)) * 1000 * jitter)
    const epoch = (this.#step / plan.totalSteps) * plan.epochs
    this.log.out(
      `step=${this.#step} epoch=${epoch.toFixed(4)} loss=${lossAt(plan, this.#step, seed).toFixed(4)} lr=${learningRateAt(plan, this.#step).toExponential(2)} grad_norm=${gradNormAt(this.#step, seed).toFixed(2)} tokens_per_s=${perSecond}`,
    )
  }

  #save(): void {
    if (this.#checkpointDir === null || this.#step === 0) return
    const plan = this.#plan
    const before = this.#phase
    this.#phase = 'checkpoint'
    this.#report()
    const began = Date.now()
    const weightsMib = (plan.paramsB * 1e9 * (plan.method === 'full' ? 2 : 0.01)) / 1024 / 1024
    const sparse = (mib: number) => (this.job.sparseFiles ? mib : 0)
    const parts = [
      { name: plan.method === 'full' ? 'model.safetensors' : 'adapter_model.safetensors', sizeMib: sparse(weightsMib) },
      { name: 'optimizer.pt', sizeMib: sparse(weightsMib * 4) },
    ]
    const state = {
      step: this.#step,
      epoch: (this.#step / plan.totalSteps) * plan.epochs,
      loss: lossAt(plan, this.#step, this.job.seed),
      wallTime: new Date().toISOString(),
    }
    try {
      writeCheckpoint(this.#checkpointDir, state, parts)
      pruneCheckpoints(this.#checkpointDir, plan.keepLast, plan.keepEvery)
      this.#saved = this.#step
      this.log.out(
        `saved checkpoint-${this.#step} in ${Date.now() - began} ms (${Math.round(weightsMib * 5)} MiB) to ${plan.checkpointDir}`,
      )
    } catch (error) {
      this.log.err(`checkpoint at step ${this.#step} failed: ${error instanceof Error ? error.message : String(error)}`)
    }
    this.#phase = before
    this.#report()
  }

  #finish(): void {
    if (this.#saved !== this.#step) this.#save()
    this.log.out(
      `training finished: ${this.#step} steps, ${this.#plan.epochs} epochs, final loss=${lossAt(this.#plan, this.#step, this.job.seed).toFixed(4)}`,
    )
    this.#end({ exitCode: 0, oomKilled: false })
  }

  /** What the hardware does to this run. true: it no longer steps. */
  #suffer(world: World | null): boolean {
    if (this.#phase === 'hung') {
      this.#timer = setTimeout(() => this.#wake(), LONGEST_WAKE_MS)
      return this.#reportDeath(world)
    }
    for (const { rank, effect } of this.#effects(world)) {
      const mine = effect.atMs >= this.#startedMs
      const spikes = !this.#plan.gradientCheckpointing && this.#step - this.#firstStep >= STEPS_TO_SPIKE
      if (effect.kind === 'unusable' || (effect.kind === 'dies' && mine)) {
        this.#fail(`${cudaFailureLines(effect.message ?? 'CUDA error: unknown error')}\n${childFailedLine(rank, 1)}`)
        return true
      }
      if (effect.kind === 'hangs' && mine) return this.#hang()
      if (effect.kind.startsWith('memory-spike') && spikes) {
        const capacity = this.#capacityMib(world)
        this.log.err(outOfMemoryLines(rank, capacity, SPIKE_MIB, this.#memoryMib, 'backward'))
        if (effect.kind === 'memory-spike-hangs') {
          this.log.err(`[rank ${rank}] ${launchFailedLine}`)
          this.#memoryMib = Math.max(this.#memoryMib, Math.min(SPIKE_MIB, capacity))
          return this.#hang()
        }
        this.#fail(childFailedLine(rank, 1))
        return true
      }
    }
    return false
  }

  /** A hung process still goes down with its GPU. */
  #reportDeath(world: World | null): boolean {
    const gone = this.#effects(world).find(({ effect }) => effect.kind === 'unusable')
    if (gone) this.#fail(cudaFailureLines(gone.effect.message ?? 'CUDA error: unknown error'))
    return true
  }

  #effects(world: World | null): { rank: number; effect: ProcessEffect }[] {
    return this.job.gpuUuids.flatMap((uuid, rank) =>
      (world?.gpus[uuid]?.effects ?? []).map((effect) => ({ rank, effect })),
    )
  }

  #hang(): true {
    this.#phase = 'hung'
    this.#report()
    this.#timer = setTimeout(() => this.#wake(), LONGEST_WAKE_MS)
    return true
  }

  #capacityMib(world: World | null): number {
    const sizes = this.job.gpuUuids.map((uuid) => world?.gpus[uuid]?.memoryMib ?? Number.POSITIVE_INFINITY)
    return Math.min(...sizes) - RESERVED_MIB
  }

  #fail(text: string): void {
    this.log.err(text)
    this.#end({ exitCode: 1, oomKilled: false })
  }

  #end(end: Omit<EndFile, 'ramMib' | 'suspended'> & { suspended?: boolean }): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#timer) clearTimeout(this.#timer)
    this.files.end({ ramMib: this.#plan.ramMib, suspended: false, ...end })
    process.exit(end.exitCode)
  }

  #report(): void {
    const working = this.#phase !== 'hung'
    this.files.report({
      pid: process.pid,
      phase: this.#phase,
      busyShare: 0.945,
      intensity: this.#plan.method === 'full' ? 0.88 : 0.86,
      gpuMemoryMib: this.#memoryMib,
      ramMib: this.#plan.ramMib,
      cpuCores: working ? 1.5 * Math.max(1, this.job.gpuUuids.length) : 1,
      netBytesPerS: working ? 400_000 : 0,
    })
  }
}
