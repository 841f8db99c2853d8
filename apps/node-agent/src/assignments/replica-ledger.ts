import type { Assignment } from '@clawbernetes/protocol/node/replica'
import type { Observed, ReplicaKey } from '../runtime/runtime'
import type { ReplicaRecord } from './replica-journal'
import { nextState, type ReplicaEvent } from './replica-machine'
import { freshStatus, goneAttempt, type StatusPatch, sameStatus } from './replica-status'
import type { SupervisorDeps } from './supervisor-deps'

/** What is remembered and told of one replica: each change is on disk before it is published or acted on. */
export class ReplicaLedger {
  constructor(
    readonly record: ReplicaRecord,
    private readonly deps: Pick<SupervisorDeps, 'clock' | 'journal' | 'publish' | 'released'>,
  ) {}

  get key(): ReplicaKey {
    const { replicaId, generation, workloadName } = this.record
    return { replicaId, generation, workloadName }
  }

  async move(event: ReplicaEvent, patch: StatusPatch): Promise<void> {
    this.record.state = nextState(this.record.state, event)
    await this.#write(patch)
  }

  /** Something is to be told, and the state stays. */
  async note(patch: StatusPatch): Promise<void> {
    if (!sameStatus(this.record.status, { ...this.record.status, ...patch })) await this.#write(patch)
  }

  /** It is over, and its GPUs are free. */
  async finish(event: 'end' | 'stop', patch: StatusPatch): Promise<true> {
    await this.move(event, { ...patch, endpoints: [] })
    this.deps.released(this.record.replicaId)
    return true
  }

  async replace(target: Assignment): Promise<void> {
    const seq = this.record.status.seq
    this.record.generation = target.generation
    this.record.workloadName = target.workloadName
    this.record.spec = target.spec
    this.record.restarts = 0
    this.record.streak = 0
    this.record.retryAtMs = null
    this.record.status = freshStatus(target, this.deps.clock.now(), seq)
    await this.move('replace', { phase: 'pending', reason: null })
  }

  async forget(): Promise<void> {
    this.record.state = nextState(this.record.state, 'forget')
    await this.deps.journal.forget(this.record)
    this.deps.released(this.record.replicaId)
  }

  /** Its attempt is not to be found any more: told as if the runtime had seen it end. */
  gone(reason: { code: string; message: string }): Observed {
    return goneAttempt(this.key, this.record.status.startedAtMs, this.deps.clock.now(), reason)
  }

  async #write(patch: StatusPatch): Promise<void> {
    const { status } = this.record
    this.record.status = { ...status, ...patch, seq: status.seq + 1, atMs: this.deps.clock.now() }
    await this.deps.journal.write(this.record)
    this.deps.publish(this.record.status)
  }
}
