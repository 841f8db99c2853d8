import type { ChildProcess } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SimMachine } from '../sim/machine/sim-machine'
import { ALREADY_CLAIMED } from '../sim/child/process-files'
import { endFile, jobFile, report } from '../sim/profile/job-file'
import type { Observed } from './runtime'
import { describeEnding, exitCodeOfSignal } from './shared/ending'
import { readJsonFile } from './shared/json-file'
import { freshObserved } from './shared/observed'
import { spawnNative } from './sim-native'
import { isAlive, type ProcessClaim, readClaim, signalGroup, spawnSimProcess } from './sim-process'
import { type SimRecord, writeRecord, writeWhole } from './sim-record'

export interface SimReplicaContext {
  machine: SimMachine
  processCommand: readonly string[]
  now: () => number
  /** Time a pull of an image takes that this machine does not have. */
  pullMs: number
}

const REPORT_FILE = 'report.json'
/** What the driver would show for a training process. */
const PROCESS_NAME = '/usr/bin/python3'
const STARTING_LOOK_MS = 20
/** A process that has not said who it is by then was never started, or died at once. */
const CLAIM_WITHIN_MS = 20_000

/**
 * One simulated replica: pull → process → end. Its folder is the truth; this object follows it and survives nothing.
 * A process that a former agent started is found by its claim and watched by looking.
 */
export class SimReplica {
  #record: SimRecord
  #phase: 'waiting' | 'pulling' | 'starting' | 'live' | 'ended' = 'waiting'
  #child: ChildProcess | null = null
  #reportSeenMs = -1
  #spawnedMs = 0
  #pullTimer: NodeJS.Timeout | null = null
  #onChange: ((observed: Observed) => void) | null = null
  #told = ''
  #waiters: (() => void)[] = []
  #claim: { attempt: number; held: ProcessClaim } | null = null

  constructor(
    readonly dir: string,
    record: SimRecord,
    readonly context: SimReplicaContext,
  ) {
    this.#record = record
  }

  get key(): SimRecord['key'] {
    return this.#record.key
  }

  get live(): boolean {
    return this.#phase !== 'ended'
  }

  /** Makes the folder speak the truth again: adopts the process, starts one that never got started, or tells the end. */
  resume(): void {
    if (this.#record.end) {
      this.#phase = 'ended'
      return
    }
    const held = this.#held()
    if (held && isAlive(held)) {
      this.#phase = 'live'
      this.look()
      return
    }
    if (!held && !this.#record.suspended) return this.#pull()
    const end = readJsonFile(join(this.dir, 'end.json'), endFile)
    if (this.#record.suspended || end?.suspended) return this.#again()
    this.#conclude(end ? end.exitCode : null, null)
  }

  /** The machine was off: what ran is gone, and nobody knows how far it came. */
  concludeRebooted(): void {
    if (this.#record.end) return
    this.#finish({
      exitCode: null,
      oomKilled: null,
      reason: { code: 'machine-restarted', message: 'The machine restarted while it ran.' },
    })
  }

  follow(onChange: (observed: Observed) => void): void {
    this.#onChange = onChange
    this.#told = ''
    this.#tell()
  }

  observe(): Observed {
    const { key, startedAtMs, end, gpuUuids } = this.#record
    const fresh = { ...freshObserved(key), startedAtMs }
    if (end) {
      const ending = describeEnding({
        exitCode: end.exitCode,
        oomKilled: end.oomKilled,
        stopAsked: this.#record.stopAsked,
      })
      return {
        ...fresh,
        ...ending,
        reason: end.reason ?? ending.reason,
        finishedAtMs: end.atMs,
        gpuVerified: this.#verified(startedAtMs !== null),
      }
    }
    if (this.#phase === 'pulling') return { ...fresh, phase: 'pulling' }
    if (this.#phase !== 'live') return { ...fresh, phase: 'starting' }
    return {
      ...fresh,
      phase: this.#record.stopAsked ? 'stopping' : 'ready',
      gpuVerified: this.#verified(gpuUuids.length > 0),
    }
  }

  #verified(started: boolean): boolean | null {
    return this.#record.gpuUuids.length > 0 && started ? true : null
  }

  #pull(): void {
    const { machine, pullMs } = this.context
    const known = machine.state.pulledImages.includes(this.#record.image)
    if (known || pullMs <= 0) {
      if (!known) machine.state.pulledImages.push(this.#record.image)
      return this.#spawn()
    }
    this.#phase = 'pulling'
    this.#tell()
    this.#pullTimer = setTimeout(() => {
      machine.state.pulledImages.push(this.#record.image)
      this.#spawn()
    }, pullMs)
  }

  #again(): void {
    this.#update({ attempt: this.#record.attempt + 1, suspended: false })
    rmSync(join(this.dir, 'end.json'), { force: true })
    rmSync(join(this.dir, REPORT_FILE), { force: true })
    const job = readJsonFile(join(this.dir, 'job.json'), jobFile)
    if (!job)
      return this.#finish({
        exitCode: null,
        oomKilled: null,
        reason: { code: 'start-failed', message: 'Its record is damaged.' },
      })
    writeWhole(join(this.dir, 'job.json'), { ...job, attempt: this.#record.attempt })
    this.#spawn()
  }

  #spawn(): void {
    if (this.#record.end) return
    this.#phase = 'starting'
    this.#tell()
    this.#spawnedMs = this.context.now()
    const child = this.#spawnProcess()
    this.#child = child
    child.unref()
    if (this.#record.native.length === 0) this.#lookOften(child)
    child.on('spawn', () => this.#becameLive())
    child.on('error', (error) =>
      this.#finish({
        exitCode: null,
        oomKilled: null,
        reason: { code: 'start-failed', message: `Its process could not be started: ${error.message}` },
      }),
    )
    child.on('exit', (code, signal) => this.#exited(child, code, signal))
  }

  #spawnProcess(): ChildProcess {
    const { native, attempt, key } = this.#record
    if (native.length > 0) return spawnNative(this.dir, attempt, native, key.replicaId)
    return spawnSimProcess(this.context.processCommand, this.dir, key.replicaId)
  }

  /** Until the process has said what it does, its GPUs look idle. */
  #lookOften(child: ChildProcess): void {
    const looking = setInterval(() => {
      this.look()
      if (this.#reportSeenMs >= 0 || this.#child !== child) clearInterval(looking)
    }, STARTING_LOOK_MS)
  }

  #exited(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#child !== child) return
    this.#child = null
    // Another process holds the work (the agent was restarted between start and claim): that one is watched.
    if (code === ALREADY_CLAIMED) return this.look()
    this.#conclude(code, signal)
  }

  /** Called often: learns what the process says of itself, and for one that this agent did not start, whether it lives. */
  look(): void {
    if (this.#phase === 'ended' || this.#phase === 'pulling' || this.#phase === 'waiting') return
    const held = this.#held()
    if (!held) {
      if (!this.#child && this.context.now() - this.#spawnedMs > CLAIM_WITHIN_MS) this.#conclude(null, null)
      return
    }
    if (!this.#child && !isAlive(held)) return this.#conclude(null, null)
    this.#readReport()
    this.#becameLive()
  }

  /** The process lives: as with any engine, that is all that "running" says. */
  #becameLive(): void {
    if (this.#phase !== 'starting') return
    this.#phase = 'live'
    if (this.#record.startedAtMs === null) this.#update({ startedAtMs: this.context.now() })
    this.#tell()
  }

  #readReport(): void {
    const file = join(this.dir, REPORT_FILE)
    const changedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs
    if (changedMs === undefined || changedMs === this.#reportSeenMs) return
    const said = readJsonFile(file, report)
    if (!said) return
    this.#reportSeenMs = changedMs
    this.context.machine.setLoad({
      replicaId: this.key.replicaId,
      name: PROCESS_NAME,
      gpuUuids: this.#record.gpuUuids,
      ...said,
    })
  }

  #conclude(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#record.end) return
    const said = readJsonFile(join(this.dir, 'end.json'), endFile)
    if (said?.suspended || (this.#record.suspended && !this.#record.stopAsked)) {
      this.#phase = 'waiting'
      this.context.machine.dropLoad(this.key.replicaId)
      this.#settle()
      if (!this.#record.suspended) this.#again()
      return
    }
    if (said?.oomKilled) {
      const pid = this.#held()?.pid ?? 0
      this.context.machine.oomKilled(pid, 'python3', said.ramMib, this.key.replicaId, this.context.now())
    }
    // Without a word of its own and unseen by anybody it can only have been killed.
    const exitCode = said?.exitCode ?? code ?? exitCodeOfSignal(signal ?? 'SIGKILL')
    this.#finish({ exitCode, oomKilled: said?.oomKilled ?? false, reason: null })
  }

  #finish(end: Omit<NonNullable<SimRecord['end']>, 'atMs'>): void {
    if (this.#pullTimer) clearTimeout(this.#pullTimer)
    this.#phase = 'ended'
    this.context.machine.dropLoad(this.key.replicaId)
    this.#update({ end: { atMs: this.context.now(), ...end } })
    this.#tell()
    this.#settle()
  }

  /** Signal, wait, kill. Resolves when nothing of it runs. */
  async stop(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    if (this.#phase === 'ended') return
    this.#update({ stopAsked: true })
    if (this.#phase === 'pulling' || this.#phase === 'waiting')
      return this.#finish({ exitCode: null, oomKilled: false, reason: null })
    this.#tell()
    if (!this.signal(signal)) this.#child?.kill(signal)
    if (await this.#settledWithin(graceMs)) return
    this.signal('SIGKILL')
    this.#child?.kill('SIGKILL')
    await this.#settledWithin(10_000)
  }

  /** The simulated machine goes to sleep with everything on it: the process saves what it can and ends, its record says that it goes on. */
  async suspend(withinMs: number): Promise<void> {
    if (this.#phase === 'ended') return
    if (this.#pullTimer) clearTimeout(this.#pullTimer)
    if (this.#phase === 'pulling' || this.#phase === 'waiting') return
    this.#update({ suspended: true })
    this.signal('SIGHUP')
    if (await this.#settledWithin(withinMs)) return
    this.signal('SIGKILL')
    this.#child?.kill('SIGKILL')
    await this.#settledWithin(2000)
  }

  /** The machine lost its power: nothing is saved, nothing is told. */
  powerOff(): void {
    if (this.#phase === 'ended') return
    this.signal('SIGKILL')
    this.#child?.kill('SIGKILL')
    this.context.machine.dropLoad(this.key.replicaId)
    this.release()
  }

  /** false: there is no process to signal. */
  signal(signal: NodeJS.Signals): boolean {
    const held = this.#held()
    return held !== null && signalGroup(held, signal)
  }

  /** The agent lets go of it: the process lives on and will be found again. */
  release(): void {
    if (this.#pullTimer) clearTimeout(this.#pullTimer)
    this.#onChange = null
    this.#child = null
    this.#phase = 'ended'
  }

  #settledWithin(ms: number): Promise<boolean> {
    if (this.#phase === 'ended' || (this.#record.suspended && this.#phase === 'waiting')) return Promise.resolve(true)
    return new Promise((resolve) => {
      const look = setInterval(() => this.look(), 50)
      const done = (settled: boolean) => {
        clearInterval(look)
        clearTimeout(timer)
        this.#waiters = this.#waiters.filter((waiter) => waiter !== settled_)
        resolve(settled)
      }
      const settled_ = () => done(true)
      const timer = setTimeout(() => done(false), ms)
      this.#waiters.push(settled_)
    })
  }

  #held(): ProcessClaim | null {
    const { attempt } = this.#record
    if (this.#claim?.attempt === attempt) return this.#claim.held
    const held = readClaim(this.dir, attempt)
    if (held) this.#claim = { attempt, held }
    return held
  }

  #settle(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) waiter()
  }

  #update(change: Partial<SimRecord>): void {
    this.#record = { ...this.#record, ...change }
    try {
      writeRecord(this.dir, this.#record)
    } catch {
      // A full disk must not end the fleet: what is known here stays right, and the next change writes it again.
    }
  }

  #tell(): void {
    if (!this.#onChange) return
    const observed = this.observe()
    const text = JSON.stringify(observed)
    if (text === this.#told) return
    this.#told = text
    this.#onChange(observed)
  }
}
