import { networkInterfaces } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RuntimeInfo } from '@clawbernetes/protocol/node/inventory'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { AgentLog } from '../../agent-log'
import { gpuMethodOf, grantGpus } from '../gpu/gpu-grant'
import { type Observed, type ReplicaKey, type Runtime, RuntimeError, type RuntimeLine } from '../runtime'
import { requireMounts } from '../shared/mounts'
import { isFinal, replicaName } from '../shared/observed'
import type { ContainerContext } from './bring-up'
import { inspectContainer, removeContainer, signalContainer } from './container-actions'
import { watchContainerEvents } from './container-events'
import { ContainerLogFollower } from './container-logs'
import { oomVerdict } from './container-oom'
import { type ContainerRecord, ContainerRecords, newRecord } from './container-record'
import { ContainerReplica, removedByHand } from './container-replica'
import { hasEnded, isOwn, keyOf, neverRan, observeContainer } from './container-state'
import { LABELS } from './create-body'
import type { Engine } from './engine'
import { engineMessage, isUnreachable } from './engine-error'

export interface ContainerRuntimeOptions {
  engine: Engine
  stateDir: string
  /** Whose containers these are; those of another owner are left alone. */
  owner: string
  /** How other machines reach this one; ports are published there when it is an address of this machine. */
  address: string | null
  log: AgentLog
}

const REMOVAL_DRAIN_MS = 3000

/** Containers through the API that Docker and Podman share, with what they do differently handled underneath. */
export class ContainerRuntime implements Runtime {
  readonly kind = 'container'
  readonly engine: Engine
  readonly #context: ContainerContext
  readonly #replicas = new Map<string, ContainerReplica>()
  readonly #followers = new Map<string, Set<ContainerLogFollower>>()
  #stopEvents: (() => void) | null = null

  constructor({ engine, stateDir, owner, address, log }: ContainerRuntimeOptions) {
    this.engine = engine
    this.#context = {
      engine,
      owner,
      log,
      records: new ContainerRecords(stateDir),
      bindAddress: bindAddressFor(address),
    }
  }

  async describe(): Promise<RuntimeInfo> {
    const { kind, version } = this.engine
    return { kind: 'container', engine: kind, version, gpu: gpuMethodOf(this.engine) }
  }

  async list(): Promise<Observed[]> {
    const records = new Map(this.#context.records.all().map((record) => [replicaName(record.key), record]))
    const observe = async (look: (record: ContainerRecord) => Promise<Observed> | Observed) => {
      const found: Observed[] = []
      for (const [name, record] of records) found.push(this.#replicas.get(name)?.current ?? (await look(record)))
      return found
    }
    try {
      for (const record of await this.#labelled()) {
        const name = replicaName(record.key)
        if (!records.has(name)) records.set(name, record)
      }
      return await observe((record) => this.#observe(record))
    } catch (error) {
      if (!isUnreachable(error)) throw error
      const reason = {
        code: 'engine-unavailable',
        message: `The container engine does not answer: ${engineMessage(error)}`,
      }
      return observe((record) => ({ ...observeContainer(record, null, null), reason }))
    }
  }

  async start(key: ReplicaKey, spec: ReplicaSpec, onChange: (observed: Observed) => void): Promise<void> {
    const name = replicaName(key)
    const following = this.#replicas.get(name)
    if (following) return following.retarget(onChange)
    const known = this.#context.records.read(name)
    if (!known) {
      if (!spec.image) throw new RuntimeError('invalid-spec', 'A container needs an image.')
      await requireMounts(spec.mounts)
      await grantGpus(this.engine, spec.gpuUuids)
    }
    const record = known ? { ...known, spec } : newRecord(key, spec)
    this.#context.records.write(record)
    const replica = new ContainerReplica(this.#context, record, onChange)
    this.#replicas.set(name, replica)
    this.#stopEvents ??= watchContainerEvents(this.engine, this.#context.owner, (about) => this.#onEvent(about))
    replica.drive()
    // An earlier agent died while it stopped this one: what was asked for is finished.
    if (record.stopAsked)
      void replica.stop(spec.stop).catch((error: unknown) => this.#context.log.warn(`${name}: ${engineMessage(error)}`))
  }

  async stop(key: ReplicaKey, stop: ReplicaSpec['stop']): Promise<void> {
    const replica = this.#replicas.get(replicaName(key)) ?? (await this.#unfollowed(key))
    await replica?.stop(stop)
  }

  async remove(key: ReplicaKey): Promise<void> {
    const name = replicaName(key)
    const replica = this.#replicas.get(name)
    const info = await this.#ownContainer(key)
    if (info ? !hasEnded(info) && !neverRan(info) : replica && !isFinal(replica.current)) {
      throw new RuntimeError('still-running', `${name} has not ended yet.`)
    }
    const followers = [...(this.#followers.get(name) ?? [])]
    await Promise.race([Promise.all(followers.map((follower) => follower.done)), sleep(REMOVAL_DRAIN_MS)])
    for (const follower of followers) follower.stop()
    replica?.close()
    if (info) await removeContainer(this.engine, info.Id)
    this.#context.records.delete(name)
    this.#replicas.delete(name)
  }

  async signal(key: ReplicaKey, signal: 'SIGUSR1' | 'SIGUSR2'): Promise<void> {
    const info = await this.#ownContainer(key)
    if (!info || hasEnded(info) || neverRan(info))
      throw new RuntimeError('not-running', `${replicaName(key)} is not running.`)
    await signalContainer(this.engine, info, signal)
  }

  logs(
    key: ReplicaKey,
    sinceMs: number | null,
    onLine: (line: RuntimeLine) => void,
    onEnd: () => void = () => {},
  ): () => void {
    const name = replicaName(key)
    const followers = this.#followers.get(name) ?? new Set()
    this.#followers.set(name, followers)
    const isOver = () => {
      const replica = this.#replicas.get(name)
      if (replica) return isFinal(replica.current)
      const record = this.#context.records.read(name)
      return record === null || record.failure !== null
    }
    const sinceUs = sinceMs === null ? 0 : Math.round(sinceMs * 1000)
    const follower = new ContainerLogFollower(this.engine, name, sinceUs, isOver, onLine, onEnd)
    followers.add(follower)
    void follower.done.then(() => followers.delete(follower))
    return () => follower.stop()
  }

  /** Ends everything this object does; containers go on. */
  close(): void {
    this.#stopEvents?.()
    for (const replica of this.#replicas.values()) replica.close()
    for (const follower of [...this.#followers.values()].flatMap((set) => [...set])) follower.stop()
  }

  #onEvent(name: string | null): void {
    if (name !== null) void this.#replicas.get(name)?.look()
    else for (const replica of this.#replicas.values()) void replica.look()
  }

  /** Containers that carry our labels, as far as a label tells: their records may be lost. */
  async #labelled(): Promise<ContainerRecord[]> {
    const { owner } = this.#context
    const filters = JSON.stringify({ label: [`${LABELS.owner}=${owner}`] })
    const containers = await this.engine.docker.listContainers({ all: true, filters })
    const keys = containers.flatMap((container) => keyOf(container.Labels, owner) ?? [])
    return keys.map((key) => ({ ...newRecord(key, null), started: true }))
  }

  /** Only looks: checks and health belong to what is followed. */
  async #observe(record: ContainerRecord): Promise<Observed> {
    const info = await inspectContainer(this.engine, replicaName(record.key))
    if (!info && record.started && !record.failure)
      return observeContainer({ ...record, failure: removedByHand() }, null, null)
    const oomKilled = info && hasEnded(info) ? oomVerdict(this.engine, info, record.oomSeen) : null
    return observeContainer(record, info, oomKilled)
  }

  /** A replica that no assignment named since this agent started: by its record, or by the labels of its container. */
  async #unfollowed(key: ReplicaKey): Promise<ContainerReplica | null> {
    const record = this.#context.records.read(replicaName(key))
    if (record) return new ContainerReplica(this.#context, record)
    return (await this.#ownContainer(key))
      ? new ContainerReplica(this.#context, { ...newRecord(key, null), started: true })
      : null
  }

  async #ownContainer(key: ReplicaKey) {
    const info = await inspectContainer(this.engine, replicaName(key))
    return info && isOwn(info, key, this.#context.owner) ? info : null
  }
}

/** An address that is not this machine's (behind NAT) cannot be bound: then only this machine itself reaches the ports. */
function bindAddressFor(address: string | null): string {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return address && own.some((entry) => entry.address === address) ? address : '127.0.0.1'
}
