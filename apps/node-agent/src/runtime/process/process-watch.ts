import { type FSWatcher, watch } from 'node:fs'
import { reasonOf } from '../../agent-log'
import type { Observed } from '../runtime'
import { type HealthVerdict, watchHttpHealth } from '../shared/http-health'
import { changeReporter, isFinal, NOT_ENDING } from '../shared/observed'
import type { ProcessFiles } from './process-files'
import { observeRecord, type ProcessRecord, readRecord } from './process-record'
import { concludeUnwatched, fromEarlierBoot, lastWords, spawnSupervisor } from './supervisors'

/** Folder events tell changes at once; the slow look finds what no event tells, such as a killed supervisor. */
const LOOK_MS = 1000

/** Follows one replica while the agent lives: reports its changes and sees to it that it has a supervisor. */
export class ProcessWatch {
  #events: FSWatcher | undefined
  #timer: NodeJS.Timeout
  #stopHealth: (() => void) | undefined
  #verdict: HealthVerdict = { ready: false, problem: null }
  #spawned = 0
  #stuck = false
  #closed = false
  #report: (observed: Observed) => void
  current: Observed | null = null

  constructor(
    readonly files: ProcessFiles,
    readonly supervisor: string[],
    readonly address: string,
    onChange: (observed: Observed) => void,
  ) {
    this.#report = changeReporter(onChange)
    this.#events = folderEvents(files.dir, () => this.look())
    this.#timer = setInterval(() => this.look(), LOOK_MS)
    queueMicrotask(() => this.look())
  }

  /** A later start of the same replica takes over the reports. */
  retarget(onChange: (observed: Observed) => void): void {
    this.#report = changeReporter(onChange)
    if (this.current) this.#report(this.current)
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    this.#events?.close()
    this.#stopHealth?.()
  }

  /** A stop was asked for; `stuck` when it was killed long ago and lives on. */
  stopping(stuck: boolean): void {
    this.#stuck = stuck
    this.look()
  }

  look(): void {
    try {
      this.#look()
    } catch (error) {
      // No descriptors, no memory, a folder that is just being removed: the next look is a second away.
      if (this.current) this.#report({ ...this.current, reason: { code: 'not-readable', message: reasonOf(error) } })
    }
  }

  #look(): void {
    if (this.#closed) return
    const record = readRecord(this.files)
    if (!record) return this.close()
    if (!record.exit && !record.supervised) this.#supervise(record)
    const observed = this.#withHealth(record, observeRecord(readRecord(this.files) ?? record, this.address))
    this.current = this.#stuck && observed.phase === 'stopping' ? { ...observed, reason: NOT_ENDING } : observed
    if (isFinal(observed)) this.close()
    this.#report(this.current)
  }

  /** Nobody is in charge: after a reboot that is the end of it, otherwise the next supervisor starts or takes over. */
  #supervise(record: ProcessRecord): void {
    if (fromEarlierBoot(record)) {
      concludeUnwatched(this.files, record, {
        code: 'machine-restarted',
        message: 'The machine restarted while it ran.',
      })
      return
    }
    const attempt = record.attempt + 1
    if (this.#spawned >= attempt) return
    this.#spawned = attempt
    spawnSupervisor(this.supervisor, this.files, attempt, () => this.#supervisorGone(attempt))
  }

  /** A supervisor that ended without taking charge cannot run here at all (a damaged agent file, no memory). */
  #supervisorGone(attempt: number): void {
    // After the end this folder may be gone, or hold the next run of the same replica.
    if (this.#closed) return
    const record = readRecord(this.files)
    if (record && record.attempt < attempt && !record.exit) {
      concludeUnwatched(this.files, record, {
        code: 'start-failed',
        message: `Its supervisor could not run. ${lastWords(this.files)}`.trim(),
      })
    }
    this.look()
  }

  #withHealth(record: ProcessRecord, observed: Observed): Observed {
    if (observed.phase !== 'running') return observed
    const { health, ports } = record.order.spec
    if (!health) return { ...observed, phase: 'ready' }
    const port = ports.find((p) => p.containerPort === health.port)?.hostPort || health.port
    this.#stopHealth ??= watchHttpHealth(
      health,
      () => ({ host: '127.0.0.1', port }),
      observed.startedAtMs ?? Date.now(),
      (verdict) => {
        this.#verdict = verdict
        this.look()
      },
    )
    if (this.#verdict.ready) return { ...observed, phase: 'ready' }
    return this.#verdict.problem
      ? { ...observed, reason: { code: 'unhealthy', message: this.#verdict.problem } }
      : observed
  }
}

/** undefined where the kernel gives no more watches: the slow look is enough then. */
function folderEvents(dir: string, onEvent: () => void): FSWatcher | undefined {
  try {
    const events = watch(dir, onEvent)
    return events.on('error', () => events.close())
  } catch {
    return undefined
  }
}
