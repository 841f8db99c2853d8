import { type Observed, type Runtime, RuntimeError } from '../runtime/runtime'
import { checkMounts } from './mount-check'
import type { ReplicaLedger } from './replica-ledger'
import { withIdentity } from './replica-status'
import type { SupervisorDeps } from './supervisor-deps'

/** What the runtime holds of a replica: starting it or taking up with it, hearing of it, stopping it, clearing it away. */
export class ReplicaAttempt {
  /** Counts starts in this process: a late word about an earlier attempt is not about the current one. */
  #number = 0
  #attached = false
  #following = false
  #mayRun = false
  #leftovers = false

  constructor(
    private readonly ledger: ReplicaLedger,
    private readonly deps: Pick<SupervisorDeps, 'runtime' | 'where' | 'followLogs' | 'logsRead'>,
    private readonly heard: (seen: Observed) => void,
  ) {}

  /** The runtime tells of it. */
  get attached(): boolean {
    return this.#attached
  }

  /** It runs, or was seen alive when the agent came back: an engine that does not answer now makes it no start to be tried again. */
  get adopting(): boolean {
    return this.ledger.record.state === 'live' || this.#mayRun
  }

  seenAlive(): void {
    this.#mayRun = true
  }

  /** The runtime still holds an ended attempt (or may), which must go before the next one starts. */
  leaves(something: boolean): void {
    this.#leftovers = something
  }

  /** It ended: what comes late of it is not heard. */
  over(): void {
    this.#number++
    this.#attached = false
    this.#mayRun = false
    this.#leftovers = true
  }

  /** Starts the replica, or takes up with the one that runs already: for a runtime these are the same call. Throws. */
  async start(): Promise<void> {
    const number = ++this.#number
    const { adopting } = this
    const { record, key } = this.ledger
    const onChange = (seen: Observed) => {
      if (number === this.#number) this.heard(seen)
    }
    const runtime = this.#runtime()
    if (this.#leftovers) await this.clear()
    const spec = await checkMounts(record.spec, this.deps.where).catch((error: unknown) => {
      if (adopting) return record.spec
      throw error
    })
    await runtime.start(key, withIdentity(spec, key), onChange)
    this.#attached = true
    if (!this.#following) this.follow(runtime, true)
  }

  async stop(): Promise<void> {
    await this.#runtime().stop(this.ledger.key, this.ledger.record.spec.stop)
  }

  /** Removes what an ended attempt left in the runtime, after its last lines were read. */
  async clear(): Promise<void> {
    const { record, key } = this.ledger
    await this.deps.logsRead(record.replicaId)
    const runtime = this.#runtime()
    // A start whose answer was lost may have left something alive; for what has ended this does nothing.
    await runtime.stop(key, record.spec.stop)
    await runtime.remove(key)
    this.#leftovers = false
    this.#following = false
  }

  /** @param fresh it begins now: none of its lines was read before */
  follow(runtime: Runtime, fresh: boolean): void {
    this.#following = true
    this.deps.followLogs(this.ledger.key, runtime, fresh)
  }

  #runtime(): Runtime {
    const { runtime: kind } = this.ledger.record.spec
    const runtime = this.deps.runtime(kind)
    if (!runtime) throw new RuntimeError('engine-unavailable', `This node has no engine for ${kind} workloads.`)
    return runtime
  }
}
