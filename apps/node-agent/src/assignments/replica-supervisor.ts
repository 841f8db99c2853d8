import type { Assignment } from '@clawbernetes/protocol/node/replica'
import { reasonOf } from '../agent-log'
import { type Observed, type ReplicaKey, type Runtime, RuntimeError } from '../runtime/runtime'
import { Wake } from '../wake'
import { checkMounts } from './mount-check'
import type { ReplicaRecord } from './replica-journal'
import { nextState, type ReplicaEvent } from './replica-machine'
import {
  BLANK,
  freshStatus,
  goneAttempt,
  isLive,
  MACHINE_RESTARTED,
  observedFacts,
  REPLACED,
  type StatusPatch,
  STOPPED,
  sameStatus,
  VANISHED,
  withIdentity,
} from './replica-status'
import { afterEnd, nextStreak } from './restart-policy'
import type { SupervisorDeps } from './supervisor-deps'

/** Waits between attempts to reach an engine that does not answer. */
const ENGINE_RETRY_MS = 2_000
const ENGINE_RETRY_CAP_MS = 10_000

/** Brings one replica to what the control plane wants and keeps it there; every decision is on disk before it is acted on. */
export class ReplicaSupervisor {
  #target: Assignment | null | undefined
  #observations: Observed[] = []
  /** Counts starts in this process: a late word about an earlier attempt is not about the current one. */
  #attempt = 0
  #attached = false
  #following = false
  #engineFailures = 0
  /** The engine did not answer: not asked again before this, whatever else wakes the supervisor. */
  #engineRetryAtMs = 0
  /** Seen alive when the agent came back: an engine that does not answer now does not make it a start to be tried again. */
  #mayRun = false
  #wakeAtMs: number | null = null
  /** The runtime still holds an ended attempt, which must go before the next one starts. */
  #leftovers = false
  readonly #wake = new Wake()

  constructor(
    readonly record: ReplicaRecord,
    private readonly deps: SupervisorDeps,
  ) {}

  get key(): ReplicaKey {
    const { replicaId, generation, workloadName } = this.record
    return { replicaId, generation, workloadName }
  }

  /** Holds its GPUs: something of it runs, is about to, or is not yet known to be gone. */
  get holdsGpus(): boolean {
    return this.record.state !== 'idle' && this.record.state !== 'ended' && this.record.state !== 'forgotten'
  }

  /** What the newest list says; null: the list does not name it. */
  desire(target: Assignment | null): void {
    this.#target = target
    this.#wake.wake()
  }

  /** Looks again: a GPU came free, or time has passed. */
  look(): void {
    this.#wake.wake()
  }

  /** The gateway has stored the status with this seq. */
  acknowledged(seq: number): void {
    if (seq <= this.record.acknowledgedSeq) return
    this.record.acknowledgedSeq = seq
    this.#wake.wake()
  }

  /**
   * Before the first step after a start of the agent: what the runtime shows of this replica.
   * @param rebooted the machine restarted since the record was written
   */
  async resume(seen: Observed | null, rebooted: boolean): Promise<void> {
    const { state } = this.record
    const runtime = this.deps.runtime(this.record.spec.runtime)
    // The engine is not there (yet): whether the replica runs is not known, so nothing is concluded.
    if (!runtime) return
    if (seen) this.#follow(runtime, false)
    if (seen && isLive(seen)) {
      if (state === 'idle') await this.#move('adopt', observedFacts(seen))
      else if (state === 'backoff') await this.#move('adopt', observedFacts(seen))
      else if (state === 'ended') await this.#tryStop()
      this.#mayRun = true
      return
    }
    this.#leftovers = seen !== null
    const open = state === 'idle' || state === 'starting' || state === 'live'
    // Killed between recording the next start and clearing the last attempt: that end was dealt with before.
    const handled = state === 'starting' && seen !== null && seen.finishedAtMs === this.record.handledEndMs
    if (seen && open && !handled)
      this.#observations.push(rebooted && seen.exitCode !== 0 ? { ...seen, reason: MACHINE_RESTARTED } : seen)
    else if (!seen && state === 'live') this.#observations.push(this.#gone(rebooted ? MACHINE_RESTARTED : VANISHED))
  }

  async run(): Promise<void> {
    while (!this.deps.signal.aborted && this.record.state !== 'forgotten') {
      this.#wakeAtMs = null
      let progress = false
      try {
        progress = await this.#step()
      } catch (error) {
        // A full disk or a broken journal: nothing may be done unrecorded, so look again later.
        this.deps.log.warn(`Replica ${this.record.replicaId}: ${reasonOf(error)}`)
        this.#wakeAtMs = this.deps.clock.now() + ENGINE_RETRY_MS
      }
      if (progress) continue
      const waitMs = this.#wakeAtMs === null ? null : Math.max(0, this.#wakeAtMs - this.deps.clock.now())
      await this.#wake.sleep(waitMs, this.deps.clock, this.deps.signal)
    }
  }

  /** Does one thing; true when there may be more to do. */
  async #step(): Promise<boolean> {
    const seen = this.#observations.shift()
    if (seen) {
      await this.#observe(seen)
      return true
    }
    if (this.#target === undefined) return false
    const wanted = this.#target?.desired === 'run' && this.#target.generation === this.record.generation
    switch (this.record.state) {
      case 'idle':
        return wanted ? this.#begin('start') : this.#finish('end', { phase: 'exited', reason: STOPPED })
      case 'starting':
      case 'live':
        if (!wanted) {
          await this.#move('stop', { phase: 'stopping' })
          return true
        }
        return this.#attached || this.#engineRests() ? false : this.#attach()
      case 'backoff':
        if (!wanted) return this.#finish('stop', { phase: 'exited', reason: STOPPED })
        if (this.deps.clock.now() >= (this.record.retryAtMs ?? 0)) return this.#begin('due')
        this.#wakeAtMs = this.record.retryAtMs
        return false
      case 'stopping':
        return this.#engineRests() ? false : this.#tryStop()
      case 'ended':
        return this.#afterEnded()
      case 'forgotten':
        return false
    }
  }

  async #afterEnded(): Promise<boolean> {
    const target = this.#target
    // It did not end by itself but was stopped, and is wanted again: dropped from a list by mistake, say.
    const wantedAgain = target?.desired === 'run' && this.record.status.reason?.code === STOPPED.code
    if (target && (target.generation !== this.record.generation || wantedAgain)) {
      await this.#clear()
      await this.#replace(target)
      return true
    }
    if (target === null && this.record.acknowledgedSeq >= this.record.status.seq) {
      await this.#clear()
      // Wanted again meanwhile.
      if (this.#target !== null) return true
      this.record.state = nextState(this.record.state, 'forget')
      await this.deps.journal.forget(this.record)
      this.deps.released(this.record.replicaId)
      return true
    }
    return false
  }

  async #begin(event: 'start' | 'due'): Promise<boolean> {
    const { replicaId, spec } = this.record
    const holder = this.deps.gpuHolder(replicaId, spec.gpuUuids)
    if (holder && event === 'start') {
      await this.#note({
        phase: 'pending',
        reason: { code: 'waiting-for-gpu', message: `Waiting for replica ${holder} to let go of its GPU.` },
      })
      return false
    }
    this.record.retryAtMs = null
    await this.#move(event, BLANK)
    await this.#attach()
    return true
  }

  /**
   * Starts the replica, or takes up with the one that runs already: for a runtime these are the same call.
   * True when it changed the state.
   */
  async #attach(): Promise<boolean> {
    const attempt = ++this.#attempt
    const adopting = this.record.state === 'live' || this.#mayRun
    const onChange = (seen: Observed) => {
      if (attempt !== this.#attempt) return
      this.#observations.push(seen)
      this.#wake.wake()
    }
    try {
      const runtime = this.#runtime()
      if (this.#leftovers) await this.#clear()
      const spec = await checkMounts(this.record.spec, this.deps.where).catch((error: unknown) => {
        if (adopting) return this.record.spec
        throw error
      })
      await runtime.start(this.key, withIdentity(spec, this.key), onChange)
      this.#attached = true
      this.#engineAnswered()
      if (!this.#following) this.#follow(runtime, true)
      return false
    } catch (error) {
      await this.#startFailed(error, adopting)
      return !adopting
    }
  }

  async #startFailed(error: unknown, adopting: boolean): Promise<void> {
    const code = error instanceof RuntimeError ? error.code : 'start-failed'
    const reason = { code, message: reasonOf(error) }
    if (code === 'engine-unavailable' || adopting) {
      this.#restEngine()
      if (adopting) return this.#note({ reason })
      this.record.retryAtMs = this.#engineRetryAtMs
      await this.#move('retry', { phase: 'pending', reason })
      return
    }
    this.#leftovers = true
    if (code === 'start-failed') await this.#ended(this.#gone(reason))
    else await this.#finish('end', { phase: 'failed', reason })
  }

  async #observe(seen: Observed): Promise<void> {
    const { state } = this.record
    if (seen.key.generation !== this.record.generation) return
    const facts = observedFacts(seen)
    if (state === 'stopping') await this.#note({ ...facts, phase: 'stopping' })
    else if (state === 'idle' || state === 'starting' || state === 'live') {
      if (!isLive(seen)) await this.#ended(seen)
      else if (state === 'starting' && (seen.phase === 'running' || seen.phase === 'ready'))
        await this.#move('observe', facts)
      else await this.#note(facts)
    }
  }

  /** An attempt ended by itself. */
  async #ended(seen: Observed): Promise<void> {
    const { spec, status, streak } = this.record
    this.#attempt++
    this.#attached = false
    this.#mayRun = false
    this.#leftovers = true
    this.record.handledEndMs = seen.finishedAtMs
    const facts = { ...observedFacts(seen), finishedAtMs: seen.finishedAtMs ?? this.deps.clock.now() }
    const after = afterEnd(spec.restart, seen, this.record.restarts, streak)
    if (after.kind === 'final' || !this.#wanted()) {
      const end: StatusPatch =
        after.kind === 'final'
          ? { phase: after.phase, reason: after.reason }
          : { phase: seen.phase, reason: seen.reason }
      await this.#finish('end', { ...facts, ...end })
      return
    }
    this.record.streak = nextStreak(streak, seen)
    this.record.retryAtMs = this.deps.clock.now() + after.delayMs
    if (after.counted) this.record.restarts += 1
    await this.#move('retry', {
      ...facts,
      phase: 'pending',
      reason: after.reason,
      restarts: status.restarts + (after.counted ? 1 : 0),
    })
  }

  async #tryStop(): Promise<boolean> {
    try {
      await this.#runtime().stop(this.key, this.record.spec.stop)
    } catch (error) {
      this.#restEngine()
      this.deps.log.warn(`Replica ${this.record.replicaId} could not be stopped: ${reasonOf(error)} Trying again.`)
      return false
    }
    this.#engineAnswered()
    if (this.record.state !== 'stopping') return true
    for (const seen of this.#observations.splice(0)) await this.#observe(seen)
    this.#attempt++
    this.#attached = false
    this.#mayRun = false
    this.#leftovers = true
    const replaced = this.#target?.desired === 'run' && this.#target.generation !== this.record.generation
    return this.#finish('end', {
      phase: 'exited',
      reason: replaced ? REPLACED : STOPPED,
      finishedAtMs: this.record.status.finishedAtMs ?? this.deps.clock.now(),
    })
  }

  async #finish(event: 'end' | 'stop', patch: StatusPatch): Promise<boolean> {
    await this.#move(event, { ...patch, endpoints: [] })
    this.deps.released(this.record.replicaId)
    return true
  }

  /** Removes what an ended attempt left in the runtime, after its last lines were read. */
  async #clear(): Promise<void> {
    await this.deps.logsRead(this.record.replicaId)
    const runtime = this.#runtime()
    // A start whose answer was lost may have left something alive; for what has ended this does nothing.
    await runtime.stop(this.key, this.record.spec.stop)
    await runtime.remove(this.key)
    this.#leftovers = false
    this.#following = false
  }

  #follow(runtime: Runtime, fresh: boolean): void {
    this.#following = true
    this.deps.followLogs(this.key, runtime, fresh)
  }

  async #replace(target: Assignment): Promise<void> {
    const seq = this.record.status.seq
    this.record.generation = target.generation
    this.record.workloadName = target.workloadName
    this.record.spec = target.spec
    this.record.restarts = 0
    this.record.streak = 0
    this.record.retryAtMs = null
    this.record.status = freshStatus(target, this.deps.clock.now(), seq)
    await this.#move('replace', { phase: 'pending', reason: null })
  }

  async #move(event: ReplicaEvent, patch: StatusPatch): Promise<void> {
    this.record.state = nextState(this.record.state, event)
    await this.#write(patch)
  }

  async #note(patch: StatusPatch): Promise<void> {
    if (!sameStatus(this.record.status, { ...this.record.status, ...patch })) await this.#write(patch)
  }

  async #write(patch: StatusPatch): Promise<void> {
    const { status } = this.record
    this.record.status = { ...status, ...patch, seq: status.seq + 1, atMs: this.deps.clock.now() }
    await this.deps.journal.write(this.record)
    this.deps.publish(this.record.status)
  }

  #wanted(): boolean {
    // Before the first list of this process is known, what the journal says goes on.
    if (this.#target === undefined) return true
    return this.#target?.desired === 'run' && this.#target.generation === this.record.generation
  }

  #restEngine(): void {
    const delayMs = Math.min(ENGINE_RETRY_CAP_MS, ENGINE_RETRY_MS * 2 ** Math.min(this.#engineFailures++, 8))
    this.#engineRetryAtMs = this.deps.clock.now() + delayMs
    this.#wakeAtMs = this.#engineRetryAtMs
  }

  #engineRests(): boolean {
    if (this.deps.clock.now() >= this.#engineRetryAtMs) return false
    this.#wakeAtMs = this.#engineRetryAtMs
    return true
  }

  #engineAnswered(): void {
    this.#engineFailures = 0
    this.#engineRetryAtMs = 0
  }

  #runtime(): Runtime {
    const runtime = this.deps.runtime(this.record.spec.runtime)
    if (!runtime)
      throw new RuntimeError('engine-unavailable', `This node has no engine for ${this.record.spec.runtime} workloads.`)
    return runtime
  }

  #gone(reason: { code: string; message: string }): Observed {
    return goneAttempt(this.key, this.record.status.startedAtMs, this.deps.clock.now(), reason)
  }
}
