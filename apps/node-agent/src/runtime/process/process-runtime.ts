import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RuntimeInfo } from '@clawbernetes/protocol/node/inventory'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { type Observed, type ReplicaKey, type Runtime, RuntimeError, type RuntimeLine } from '../runtime'
import { writeJsonFile } from '../shared/json-file'
import { replicaName } from '../shared/observed'
import { findCgroups } from './cgroups'
import { LogFollower } from './log-follower'
import { prepareOrder } from './prepare'
import { isAlive } from './proc-table'
import { type ProcessFiles, processFiles } from './process-files'
import { observeRecord, type ProcessRecord, readRecord } from './process-record'
import { ProcessWatch } from './process-watch'
import { stopProcess } from './stop'
import { concludeUnwatched, forgetCgroups, fromEarlierBoot } from './supervisors'

export interface ProcessRuntimeOptions {
  stateDir: string
  /** Whose replicas these are; records of another owner are left alone. */
  owner: string
  /** The argv that runs `supervise`, to which the folder and the attempt are added. */
  supervisor: string[]
  /** Where other machines reach this one; announced with the ports. */
  address: string | null
}

const REMOVAL_DRAIN_MS = 3000
const TRASH = '.removed-'

/** Plain processes: each has its own session, its own supervisor that outlives the agent, and a folder that says everything. */
export class ProcessRuntime implements Runtime {
  readonly kind = 'process'
  readonly #root: string
  readonly #watches = new Map<string, ProcessWatch>()
  readonly #followers = new Map<string, Set<LogFollower>>()

  constructor(readonly options: ProcessRuntimeOptions) {
    this.#root = path.join(options.stateDir, 'processes')
    mkdirSync(this.#root, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(this.#root).filter((entry) => entry.startsWith(TRASH))) this.#delete(name)
  }

  async describe(): Promise<RuntimeInfo> {
    const controllers = [...findCgroups().roots.keys()]
    const note =
      controllers.length === 3
        ? 'Memory, CPU and process limits are kept by cgroups.'
        : `Limits by cgroups: ${controllers.join(', ') || 'none'}. Without them memory is watched by the agent, and CPU and process counts are not limited.`
    return { kind: 'process', engine: 'processes', version: null, gpu: 'native', note }
  }

  async list(): Promise<Observed[]> {
    const found: Observed[] = []
    for (const name of readdirSync(this.#root).filter((entry) => !entry.startsWith('.'))) {
      const files = processFiles(path.join(this.#root, name))
      const record = this.#ownRecord(files)
      if (record) found.push(this.#watches.get(name)?.current ?? this.#observe(files, record))
    }
    return found
  }

  async start(key: ReplicaKey, spec: ReplicaSpec, onChange: (observed: Observed) => void): Promise<void> {
    const name = replicaName(key)
    const watching = this.#watches.get(name)
    const files = this.#files(key)
    if (existsSync(files.order)) {
      if (!this.#ownRecord(files))
        throw new RuntimeError('start-failed', `The record of ${name} belongs to another agent or is damaged.`)
      if (watching) return watching.retarget(onChange)
    } else {
      const order = await prepareOrder(this.options.owner, key, spec)
      mkdirSync(files.dir, { recursive: true, mode: 0o700 })
      writeJsonFile(files.order, order)
      watching?.close()
    }
    this.#watches.set(name, new ProcessWatch(files, this.options.supervisor, this.#address(), onChange))
    // An earlier agent died while it stopped this one: what was asked for is finished.
    if (existsSync(files.stop)) void this.stop(key, spec.stop).catch(() => undefined)
  }

  async stop(key: ReplicaKey, stop: ReplicaSpec['stop']): Promise<void> {
    const files = this.#files(key)
    if (!this.#ownRecord(files)) return
    const watch = () => this.#watches.get(replicaName(key))
    await stopProcess(files, stop, (stuck) => watch()?.stopping(stuck))
    watch()?.look()
  }

  async remove(key: ReplicaKey): Promise<void> {
    const name = replicaName(key)
    const files = this.#files(key)
    const record = this.#ownRecord(files)
    if (!record) return
    if (!record.exit) throw new RuntimeError('still-running', `${name} has not ended yet.`)
    const followers = [...(this.#followers.get(name) ?? [])]
    await Promise.race([Promise.all(followers.map((follower) => follower.done)), sleep(REMOVAL_DRAIN_MS)])
    for (const follower of followers) follower.stop()
    this.#watches.get(name)?.close()
    this.#watches.delete(name)
    forgetCgroups(record)
    // Renamed first: a crash in the middle leaves rubbish, never half a record.
    const trash = `${TRASH}${name}-${Date.now()}`
    renameSync(files.dir, path.join(this.#root, trash))
    this.#delete(trash)
  }

  async signal(key: ReplicaKey, signal: 'SIGUSR1' | 'SIGUSR2'): Promise<void> {
    const child = this.#ownRecord(this.#files(key))?.child
    if (!child || !isAlive(child.identity)) throw new RuntimeError('not-running', `${replicaName(key)} is not running.`)
    process.kill(child.identity.pid, signal)
  }

  logs(
    key: ReplicaKey,
    sinceMs: number | null,
    onLine: (line: RuntimeLine) => void,
    onEnd: () => void = () => {},
  ): () => void {
    const name = replicaName(key)
    const files = this.#files(key)
    const followers = this.#followers.get(name) ?? new Set()
    this.#followers.set(name, followers)
    const sinceUs = sinceMs === null ? 0 : Math.round(sinceMs * 1000)
    const ended = () => existsSync(files.exit) || !existsSync(files.order)
    const follower = new LogFollower(files.log, sinceUs, ended, onLine, onEnd)
    followers.add(follower)
    void follower.done.then(() => followers.delete(follower))
    return () => follower.stop()
  }

  /** After a reboot the record is all that is left: it gets its end here, for replicas that nobody starts again too. */
  #observe(files: ProcessFiles, record: ProcessRecord): Observed {
    if (!record.exit && fromEarlierBoot(record)) {
      concludeUnwatched(files, record, { code: 'machine-restarted', message: 'The machine restarted while it ran.' })
    }
    return observeRecord(readRecord(files) ?? record, this.#address())
  }

  #ownRecord(files: ProcessFiles): ProcessRecord | null {
    const record = readRecord(files)
    return record?.order.owner === this.options.owner ? record : null
  }

  #files = (key: ReplicaKey): ProcessFiles => processFiles(path.join(this.#root, replicaName(key)))

  #address = (): string => this.options.address ?? '127.0.0.1'

  #delete(name: string): void {
    rmSync(path.join(this.#root, name), { recursive: true, force: true })
  }
}
