import type { Assignment } from '@clawbernetes/protocol/node/replica'
import { reasonOf } from '../agent-log'
import { type Observed, RuntimeError } from '../runtime/runtime'
import { endAttempt } from './end-attempt'
import { EngineRest } from './engine-rest'
import { ReplicaAttempt } from './replica-attempt'
import type { ReplicaRecord } from './replica-journal'
import { ReplicaLedger } from './replica-ledger'
import { BLANK, isLive, MACHINE_RESTARTED, observedFacts, REPLACED, STOPPED, VANISHED } from './replica-status'
import { StepLoop } from './step-loop'
import type { SupervisorDeps } from './supervisor-deps'

/** Brings one replica to what the control plane wants and keeps it there; every decision is on disk before it is acted on. */
export class ReplicaSupervisor {
  #target: Assignment | null | undefined
  #observations: Observed[] = []
  readonly #ledger: ReplicaLedger
  readonly #attempt: ReplicaAttempt
  readonly #loop: StepLoop
  readonly #engine = new EngineRest()

  constructor(
    readonly record: ReplicaRecord,
    private readonly deps: SupervisorDeps,
  ) {
    this.#ledger = new ReplicaLedger(record, deps)
    this.#loop = new StepLoop(`Replica ${record.replicaId}`, deps)
    this.#attempt = new ReplicaAttempt(this.#ledger, deps, (seen) => {
      this.#observations.push(seen)
      this.#loop.wake()
    })
  }

  /** Holds its GPUs: something of it runs, is about to, or is not yet known to be gone. */
  get holdsGpus(): boolean {
    return this.record.state !== 'idle' && this.record.state !== 'ended' && this.record.state !== 'forgotten'
  }

  /** What the newest list says; null: the list does not name it. */
  desire(target: Assignment | null): void {
    this.#target = target
    this.#loop.wake()
  }

  /** Looks again: a GPU came free, or time has passed. */
  look(): void {
    this.#loop.wake()
  }

  /** The gateway has stored the status with this seq. */
  acknowledged(seq: number): void {
    if (seq <= this.record.acknowledgedSeq) return
    this.record.acknowledgedSeq = seq
    this.#loop.wake()
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
    if (seen) this.#attempt.follow(runtime, false)
    if (seen && isLive(seen)) {
      if (state === 'idle' || state === 'backoff') await this.#ledger.move('adopt', observedFacts(seen))
      else if (state === 'ended') await this.#tryStop()
      this.#attempt.seenAlive()
      return
    }
    this.#attempt.leaves(seen !== null)
    const open = state === 'idle' || state === 'starting' || state === 'live'
    // Killed between recording the next start and clearing the last attempt: that end was dealt with before.
    const handled = state === 'starting' && seen !== null && seen.finishedAtMs === this.record.handledEndMs
    if (seen && open && !handled)
      this.#observations.push(rebooted && seen.exitCode !== 0 ? { ...seen, reason: MACHINE_RESTARTED } : seen)
    else if (!seen && state === 'live')
      this.#observations.push(this.#ledger.gone(rebooted ? MACHINE_RESTARTED : VANISHED))
  }

  run(): Promise<void> {
    return this.#loop.run(
      () => this.#step(),
      () => this.record.state === 'forgotten',
    )
  }

  /** Does one thing; true when there may be more to do. */
  async #step(): Promise<boolean> {
    const seen = this.#observations.shift()
    if (seen) {
      await this.#observe(seen)
      return true
    }
    if (this.#target === undefined) return false
    const wanted = this.#wanted()
    switch (this.record.state) {
      case 'idle':
        return wanted ? this.#begin('start') : this.#ledger.finish('end', { phase: 'exited', reason: STOPPED })
      case 'starting':
      case 'live':
        if (!wanted) {
          await this.#ledger.move('stop', { phase: 'stopping' })
          return true
        }
        return this.#attempt.attached || this.#engineRests() ? false : this.#attach()
      case 'backoff':
        if (!wanted) return this.#ledger.finish('stop', { phase: 'exited', reason: STOPPED })
        if (this.deps.clock.now() >= (this.record.retryAtMs ?? 0)) return this.#begin('due')
        this.#loop.wakeAt(this.record.retryAtMs)
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
      await this.#attempt.clear()
      await this.#ledger.replace(target)
      return true
    }
    if (target === null && this.record.acknowledgedSeq >= this.record.status.seq) {
      await this.#attempt.clear()
      // Null still: it was not wanted again meanwhile.
      if (this.#target === null) await this.#ledger.forget()
      return true
    }
    return false
  }

  async #begin(event: 'start' | 'due'): Promise<boolean> {
    const { replicaId, spec } = this.record
    const holder = this.deps.gpuHolder(replicaId, spec.gpuUuids)
    if (holder && event === 'start') {
      await this.#ledger.note({
        phase: 'pending',
        reason: { code: 'waiting-for-gpu', message: `Waiting for replica ${holder} to let go of its GPU.` },
      })
      return false
    }
    this.record.retryAtMs = null
    await this.#ledger.move(event, BLANK)
    await this.#attach()
    return true
  }

  /** True when it changed the state. */
  async #attach(): Promise<boolean> {
    const { adopting } = this.#attempt
    try {
      await this.#attempt.start()
      this.#engine.answered()
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
      const retryAtMs = this.#restEngine()
      if (adopting) return this.#ledger.note({ reason })
      this.record.retryAtMs = retryAtMs
      await this.#ledger.move('retry', { phase: 'pending', reason })
      return
    }
    this.#attempt.leaves(true)
    if (code === 'start-failed') await this.#ended(this.#ledger.gone(reason))
    else await this.#ledger.finish('end', { phase: 'failed', reason })
  }

  async #observe(seen: Observed): Promise<void> {
    const { state } = this.record
    if (seen.key.generation !== this.record.generation) return
    const facts = observedFacts(seen)
    if (state === 'stopping') await this.#ledger.note({ ...facts, phase: 'stopping' })
    else if (state === 'idle' || state === 'starting' || state === 'live') {
      if (!isLive(seen)) await this.#ended(seen)
      else if (state === 'starting' && (seen.phase === 'running' || seen.phase === 'ready'))
        await this.#ledger.move('observe', facts)
      else await this.#ledger.note(facts)
    }
  }

  async #ended(seen: Observed): Promise<void> {
    this.#attempt.over()
    // Before the first list of this process is known, what the journal says goes on.
    await endAttempt(this.#ledger, seen, this.#target === undefined || this.#wanted(), this.deps.clock.now())
  }

  async #tryStop(): Promise<boolean> {
    try {
      await this.#attempt.stop()
    } catch (error) {
      this.#restEngine()
      this.deps.log.warn(`Replica ${this.record.replicaId} could not be stopped: ${reasonOf(error)} Trying again.`)
      return false
    }
    this.#engine.answered()
    if (this.record.state !== 'stopping') return true
    for (const seen of this.#observations.splice(0)) await this.#observe(seen)
    this.#attempt.over()
    const replaced = this.#target?.desired === 'run' && this.#target.generation !== this.record.generation
    return this.#ledger.finish('end', {
      phase: 'exited',
      reason: replaced ? REPLACED : STOPPED,
      finishedAtMs: this.record.status.finishedAtMs ?? this.deps.clock.now(),
    })
  }

  #wanted(): boolean {
    return this.#target?.desired === 'run' && this.#target.generation === this.record.generation
  }

  #restEngine(): number {
    const untilMs = this.#engine.begin(this.deps.clock.now())
    this.#loop.wakeAt(untilMs)
    return untilMs
  }

  #engineRests(): boolean {
    const untilMs = this.#engine.until(this.deps.clock.now())
    if (untilMs !== null) this.#loop.wakeAt(untilMs)
    return untilMs !== null
  }
}
