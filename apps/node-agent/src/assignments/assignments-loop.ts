import type { Assignment, ReplicaSpec, ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import { type AgentLog, reasonOf } from '../agent-log'
import type { Clock } from '../clock'
import type { Observed, ReplicaKey, Runtime } from '../runtime/runtime'
import type { AssignmentStore } from './assignment-store'
import type { DataRoots } from './mount-check'
import type { ReplicaJournal, ReplicaRecord } from './replica-journal'
import { freshStatus } from './replica-status'
import { ReplicaSupervisor } from './replica-supervisor'

const LIST_RETRY_MS = 2_000
const LIST_RETRY_CAP_MS = 10_000
/** hello carries at most so many. */
const MAX_STATUSES = 512

export interface AssignmentsDeps {
  store: AssignmentStore
  journal: ReplicaJournal
  runtimes: Runtime[]
  where: DataRoots
  clock: Clock
  log: AgentLog
  signal: AbortSignal
  /** The machine restarted since this state folder was last used. */
  rebooted: boolean
  publish(status: ReplicaStatus): void
  followLogs(key: ReplicaKey, runtime: Runtime, fresh: boolean): void
  logsRead(replicaId: string): Promise<void>
  forgotten(replicaId: string): void
}

/**
 * Keeps what runs on this node equal to the last accepted list: one supervisor a replica, none for what is not known here.
 * The runtimes are asked first what exists; until one answers, none of its replicas is touched, so nothing starts twice.
 */
export class AssignmentsLoop {
  readonly #supervisors = new Map<string, ReplicaSupervisor>()
  readonly #running = new Set<Promise<void>>()
  readonly #listed = new Set<ReplicaSpec['runtime']>()
  #records: ReplicaRecord[] = []

  constructor(private readonly deps: AssignmentsDeps) {}

  async start(): Promise<void> {
    this.#records = await this.deps.journal.load()
    for (const record of this.#records) this.#supervisors.set(record.replicaId, this.#supervisor(record))
    for (const kind of ['container', 'process'] as const) this.#track(this.#takeUp(kind))
  }

  /** The accepted list changed. */
  apply(): void {
    if (!this.deps.store.known) return
    const list = new Map(this.deps.store.current.list.map((a) => [a.replicaId, a]))
    for (const [replicaId, supervisor] of this.#supervisors) supervisor.desire(list.get(replicaId) ?? null)
    for (const target of list.values()) {
      if (this.#supervisors.has(target.replicaId)) continue
      const supervisor = this.#supervisor(freshRecord(target, this.deps.clock.now(), this.deps.journal.firstSeq))
      this.#supervisors.set(target.replicaId, supervisor)
      supervisor.desire(target)
      if (this.#listed.has(target.spec.runtime)) this.#track(supervisor.run())
    }
  }

  /** Every replica this node knows of; those the gateway has not heard the last of come first. */
  statuses(): ReplicaStatus[] {
    const records = [...this.#supervisors.values()].map((s) => s.record)
    const open = (r: ReplicaRecord) => (r.acknowledgedSeq < r.status.seq ? 0 : 1)
    return records
      .sort((a, b) => open(a) - open(b))
      .slice(0, MAX_STATUSES)
      .map((r) => r.status)
  }

  acknowledged(statuses: ReplicaStatus[]): void {
    for (const status of statuses) {
      const supervisor = this.#supervisors.get(status.replicaId)
      if (supervisor?.record.generation === status.generation) supervisor.acknowledged(status.seq)
    }
  }

  record(replicaId: string): ReplicaRecord | null {
    return this.#supervisors.get(replicaId)?.record ?? null
  }

  /** Resolves when every supervisor has left (the signal was aborted). */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  /** What one kind of runtime holds, matched with the journal; then its supervisors may act. */
  async #takeUp(kind: ReplicaSpec['runtime']): Promise<void> {
    const seen = await this.#list(kind)
    if (!seen) return
    const byId = new Map<string, Observed[]>()
    for (const observed of seen)
      byId.set(observed.key.replicaId, [...(byId.get(observed.key.replicaId) ?? []), observed])
    const known = [...this.#supervisors.values()]
    for (const supervisor of known) {
      if (supervisor.record.spec.runtime !== kind) continue
      const { replicaId, generation } = supervisor.record
      const mine = byId.get(replicaId)?.find((o) => o.key.generation === generation) ?? null
      byId.set(
        replicaId,
        (byId.get(replicaId) ?? []).filter((o) => o !== mine),
      )
      try {
        await supervisor.resume(mine, this.deps.rebooted)
      } catch (error) {
        this.deps.log.warn(`Replica ${replicaId}: ${reasonOf(error)}`)
      }
    }
    // Of ours, but in no journal or of another generation: the record of it was lost, or it is an older attempt.
    for (const orphan of [...byId.values()].flat()) await this.#removeOrphan(kind, orphan)
    this.#listed.add(kind)
    for (const supervisor of this.#supervisors.values())
      if (supervisor.record.spec.runtime === kind) this.#track(supervisor.run())
  }

  async #list(kind: ReplicaSpec['runtime']): Promise<Observed[] | null> {
    const runtime = this.#runtime(kind)
    if (!runtime) return []
    for (let failures = 0; !this.deps.signal.aborted; failures++) {
      try {
        return await runtime.list()
      } catch (error) {
        if (failures === 0) this.deps.log.warn(`The ${kind} runtime does not answer: ${reasonOf(error)}`)
        await this.deps.clock.sleep(
          Math.min(LIST_RETRY_CAP_MS, LIST_RETRY_MS * 2 ** Math.min(failures, 8)),
          this.deps.signal,
        )
      }
    }
    return null
  }

  async #removeOrphan(kind: ReplicaSpec['runtime'], orphan: Observed): Promise<void> {
    this.deps.log.warn(
      `Removing replica ${orphan.key.replicaId} generation ${orphan.key.generation}, which this node has no record of.`,
    )
    try {
      await this.#runtime(kind)?.stop(orphan.key, { signal: 'SIGTERM', graceMs: 10_000 })
      await this.#runtime(kind)?.remove(orphan.key)
    } catch (error) {
      this.deps.log.warn(`Replica ${orphan.key.replicaId} could not be removed: ${reasonOf(error)}`)
    }
  }

  #runtime(kind: ReplicaSpec['runtime']): Runtime | null {
    return this.deps.runtimes.find((runtime) => runtime.kind === kind) ?? null
  }

  #supervisor(record: ReplicaRecord): ReplicaSupervisor {
    return new ReplicaSupervisor(record, {
      ...this.deps,
      runtime: (kind) => this.#runtime(kind),
      gpuHolder: (replicaId, gpuUuids) => this.#gpuHolder(replicaId, gpuUuids),
      released: (replicaId) => this.#released(replicaId),
    })
  }

  #gpuHolder(replicaId: string, gpuUuids: string[]): string | null {
    if (gpuUuids.length === 0) return null
    const wanted = new Set(gpuUuids)
    for (const { record, holdsGpus } of this.#supervisors.values())
      if (record.replicaId !== replicaId && holdsGpus && record.spec.gpuUuids.some((uuid) => wanted.has(uuid)))
        return record.replicaId
    return null
  }

  #released(replicaId: string): void {
    if (this.#supervisors.get(replicaId)?.record.state === 'forgotten') {
      this.#supervisors.delete(replicaId)
      this.deps.forgotten(replicaId)
      // A list that came while it was being forgotten may name it again.
      this.apply()
    }
    for (const supervisor of this.#supervisors.values()) supervisor.look()
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.deps.log.warn(`Assignments: ${reasonOf(error)}`))
      .finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
  }
}

function freshRecord(target: Assignment, nowMs: number, firstSeq: number): ReplicaRecord {
  return {
    replicaId: target.replicaId,
    workloadName: target.workloadName,
    generation: target.generation,
    state: 'idle',
    spec: target.spec,
    restarts: 0,
    streak: 0,
    retryAtMs: null,
    handledEndMs: null,
    status: freshStatus(target, nowMs, firstSeq),
    acknowledgedSeq: -1,
  }
}
