import type { EndFile, JobFile, Report } from '../profile/job-file'
import type { ProcessFiles } from './process-files'
import type { ProcessLog } from './process-log'

type TaskJob = Extract<JobFile, { kind: 'task' }>

const PROGRESS_MS = 5000
const LOOK_MS = 2000

/** Any other command: lives for its time, holds its memory, says how far it is. */
export class TaskRun {
  #startedMs = Date.now()
  #doneMs = 0
  #lastMs = Date.now()
  #lastLineMs = 0
  #ended = false
  #timer: NodeJS.Timeout | null = null
  #hung = false

  constructor(
    readonly job: TaskJob,
    readonly files: ProcessFiles,
    readonly log: ProcessLog,
  ) {}

  begin(): void {
    for (const line of this.job.plan.lines) this.log.out(line)
    if (!this.job.plan.quiet) this.log.out(`${this.job.plan.title}: started`)
    this.#report()
    this.#wake()
  }

  checkpointNow(): void {
    this.log.err('this process writes no checkpoints')
  }

  terminate(signal: 'SIGTERM' | 'SIGINT'): void {
    this.log.out(`received ${signal}`)
    this.#end({ exitCode: signal === 'SIGTERM' ? 143 : 130, oomKilled: false })
  }

  suspend(): void {
    this.#end({ exitCode: 0, oomKilled: false, suspended: true })
  }

  #wake(): void {
    if (this.#ended) return
    const { plan } = this.job
    const now = Date.now()
    const world = this.files.world()
    const speed =
      Math.min(1, ...this.job.gpuUuids.map((uuid) => world?.gpus[uuid]?.speed ?? 1)) * (world?.timeScale ?? 1)
    if (!this.#hung) this.#doneMs += (now - this.#lastMs) * speed
    this.#lastMs = now
    if (this.#suffer()) return
    if (plan.durationMs > 0 && this.#doneMs >= plan.durationMs) {
      if (!plan.quiet) this.log.out(`${plan.title}: finished in ${Math.round((now - this.#startedMs) / 1000)} s`)
      return this.#end({ exitCode: plan.exitCode, oomKilled: false })
    }
    if (!plan.quiet && now - this.#lastLineMs >= PROGRESS_MS) {
      this.#lastLineMs = now
      this.log.out(this.#progress())
    }
    const left = plan.durationMs > 0 ? (plan.durationMs - this.#doneMs) / Math.max(0.01, speed) : LOOK_MS
    this.#timer = setTimeout(() => this.#wake(), Math.max(1, Math.min(LOOK_MS, left)))
  }

  #progress(): string {
    const { plan } = this.job
    const items = Math.floor(this.#doneMs / 25)
    if (plan.durationMs === 0) return `${plan.title}: ${items} items done, 40.0 items/s`
    const total = Math.ceil(plan.durationMs / 25)
    return `${plan.title}: ${Math.min(items, total)}/${total} items (${Math.min(100, (items / total) * 100).toFixed(1)} %)`
  }

  #suffer(): boolean {
    const world = this.files.world()
    for (const uuid of this.job.gpuUuids) {
      for (const effect of world?.gpus[uuid]?.effects ?? []) {
        const mine = effect.atMs >= this.#startedMs
        if (effect.kind === 'unusable' || (effect.kind === 'dies' && mine)) {
          this.log.err(`RuntimeError: ${effect.message ?? 'CUDA error: unknown error'}`)
          this.#end({ exitCode: 1, oomKilled: false })
          return true
        }
        if ((effect.kind === 'hangs' || effect.kind === 'memory-spike-hangs') && mine && !this.#hung) {
          this.#hung = true
          this.#report()
        }
      }
    }
    return false
  }

  #end(end: Omit<EndFile, 'ramMib' | 'suspended'> & { suspended?: boolean }): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#timer) clearTimeout(this.#timer)
    this.files.end({ ramMib: this.job.plan.ramMib, suspended: false, ...end })
    process.exit(end.exitCode)
  }

  #report(): void {
    const { plan } = this.job
    const phase: Report['phase'] = this.#hung ? 'hung' : plan.busyShare > 0 ? 'compute' : 'waiting'
    this.files.report({
      pid: process.pid,
      phase,
      busyShare: plan.busyShare,
      intensity: plan.intensity,
      gpuMemoryMib: plan.gpuMemoryMib,
      ramMib: plan.ramMib,
      cpuCores: plan.cpuCores,
      netBytesPerS: plan.quiet ? 0 : 150_000,
    })
  }
}
