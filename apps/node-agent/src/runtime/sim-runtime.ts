import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RuntimeInfo } from '@clawbernetes/protocol/node/inventory'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import { keepsHoles } from '../sim/demo/sparse-files'
import { resolveContainerPath } from '../sim/child/container-paths'
import { logFolder } from '../sim/child/process-log'
import type { SimMachine } from '../sim/machine/sim-machine'
import { seedOf } from '../sim/physics/noise'
import type { JobFile } from '../sim/profile/job-file'
import { planJob } from '../sim/profile/plan-job'
import { LogFollower } from './process/log-follower'
import { type Observed, type ReplicaKey, type Runtime, RuntimeError, type RuntimeLine } from './runtime'
import { requireMounts } from './shared/mounts'
import { replicaName } from './shared/observed'
import { runsNatively } from './sim-native'
import { SimReplica } from './sim-replica'
import { readRecord, recordFile, type SimRecord, writeRecord, writeWhole } from './sim-record'

export interface SimRuntimeOptions {
  machine: SimMachine
  /** Folder of this machine alone. */
  dir: string
  owner: string
  /** argv that runs a simulated process; its folder is added. */
  processCommand: readonly string[]
  now?: () => number
  /** How long a pull of an unknown image takes. */
  pullMs?: number
  /** After so long without this machine its processes end by themselves; they go on when it is back. */
  machineSilentMs?: number
}

const LOOK_MS = 500
/** How often the machine tells its processes about their hardware, and how often at least though nothing changed. */
const WORLD_MS = 2000
const WORLD_AT_LEAST_MS = 60_000
const REMOVAL_DRAIN_MS = 3000
const DEFAULT_PULL_MS = 1500
const MACHINE_SILENT_MS = 10 * 60_000

/** A container engine that is not there: replicas are small processes that behave like what they were asked to be. */
export class SimRuntime implements Runtime {
  readonly kind = 'container'
  readonly #replicas = new Map<string, SimReplica>()
  readonly #followers = new Map<string, Set<LogFollower>>()
  readonly #root: string
  readonly #worldFile: string
  readonly #now: () => number
  #timer: NodeJS.Timeout | null = null
  #worldText = ''
  #worldAtMs = 0

  constructor(readonly options: SimRuntimeOptions) {
    this.#root = join(options.dir, 'replicas')
    this.#worldFile = join(options.dir, 'world.json')
    this.#now = options.now ?? Date.now
  }

  /** Finds again what an earlier process of the simulator started; what slept with the machine goes on. */
  open(rebooted = false): void {
    if (this.#timer) return
    mkdirSync(this.#root, { recursive: true, mode: 0o700 })
    this.publishWorld(true)
    for (const name of readdirSync(this.#root)) {
      const dir = join(this.#root, name)
      const record = readRecord(dir)
      if (record) this.#adopt(name, dir, record, rebooted)
      else if (!existsSync(recordFile(dir))) rmSync(dir, { recursive: true, force: true })
    }
    this.#timer = setInterval(() => this.#beat(), LOOK_MS)
    this.#timer.unref()
  }

  #adopt(name: string, dir: string, record: SimRecord, rebooted: boolean): void {
    const replica = new SimReplica(dir, record, this.#context())
    this.#replicas.set(name, replica)
    if (rebooted) replica.concludeRebooted()
    else replica.resume()
  }

  #context() {
    const { machine, processCommand, pullMs = DEFAULT_PULL_MS } = this.options
    return { machine, processCommand, pullMs, now: this.#now }
  }

  #beat(): void {
    const live = [...this.#replicas.values()].filter((replica) => replica.live)
    if (live.length === 0) return
    for (const replica of live) replica.look()
    if (this.#now() - this.#worldAtMs >= WORLD_MS) this.publishWorld()
  }

  /** Tells the processes what their hardware is like now. */
  publishWorld(force = false): void {
    const nowMs = this.#now()
    this.options.machine.tick(nowMs)
    const world = this.options.machine.world(nowMs)
    const text = JSON.stringify({ ...world, atMs: 0 })
    if (!force && text === this.#worldText && nowMs - this.#worldAtMs < WORLD_AT_LEAST_MS) return
    this.#worldText = text
    this.#worldAtMs = nowMs
    const temporary = `${this.#worldFile}.tmp`
    writeFileSync(temporary, JSON.stringify(world), { mode: 0o600 })
    renameSync(temporary, this.#worldFile)
  }

  async describe(): Promise<RuntimeInfo> {
    return {
      kind: 'container',
      engine: 'sim',
      version: '1',
      gpu: this.options.machine.gpus.length > 0 ? 'native' : 'none',
    }
  }

  async list(): Promise<Observed[]> {
    this.open()
    return [...this.#replicas.values()].map((replica) => replica.observe())
  }

  async start(key: ReplicaKey, spec: ReplicaSpec, onChange: (o: Observed) => void): Promise<void> {
    this.open()
    const name = replicaName(key)
    const known = this.#replicas.get(name)
    if (known) return known.follow(onChange)
    await this.#check(spec)
    const dir = join(this.#root, name)
    rmSync(dir, { recursive: true, force: true })
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const job = this.#job(key, spec)
    writeWhole(join(dir, 'job.json'), job)
    const record: SimRecord = {
      key,
      owner: this.options.owner,
      image: spec.image ?? '',
      gpuUuids: spec.gpuUuids,
      attempt: 1,
      createdAtMs: this.#now(),
      startedAtMs: null,
      native: this.#nativeOf(job),
      stopAsked: false,
      suspended: false,
      end: null,
    }
    writeRecord(dir, record)
    this.publishWorld(true)
    const replica = new SimReplica(dir, record, this.#context())
    this.#replicas.set(name, replica)
    replica.follow(onChange)
    replica.resume()
  }

  async #check(spec: ReplicaSpec): Promise<void> {
    if (!spec.image) throw new RuntimeError('image-missing', 'A container needs an image.')
    if (spec.command.length === 0)
      throw new RuntimeError(
        'command-missing',
        'A simulated container needs a command: name one, for example sleep 60.',
      )
    if (spec.health)
      throw new RuntimeError(
        'invalid-spec',
        'Simulated nodes do not answer health checks over HTTP: leave the check out, or use a node of your own.',
      )
    const readable = new Map(this.options.machine.facts().gpus.map((gpu) => [gpu.uuid, gpu.readability]))
    for (const uuid of spec.gpuUuids) {
      const state = readable.get(uuid)
      if (state === undefined) throw new RuntimeError('gpu-missing', `This node has no GPU ${uuid}.`)
      if (state !== 'ok') throw new RuntimeError('gpu-missing', `The GPU ${uuid} cannot be used: ${state}.`)
    }
    await requireMounts(spec.mounts)
  }

  /** A program of this computer keeps to its time, not to the simulated one. */
  #nativeOf(job: JobFile): string[] {
    if (job.kind !== 'task' || this.options.machine.timeScale !== 1) return []
    return runsNatively(job.plan.native) ? job.plan.native : []
  }

  #job(key: ReplicaKey, spec: ReplicaSpec): JobFile {
    const { machine } = this.options
    const gpus = spec.gpuUuids.flatMap((uuid) => {
      const gpu = machine.gpuOf(uuid)
      return gpu && machine.spec ? [{ index: gpu.index, uuid, memoryMib: machine.spec.memoryMib }] : []
    })
    const mounts = spec.mounts.map(({ hostPath, containerPath, readOnly }) => ({ hostPath, containerPath, readOnly }))
    const seed = seedOf(`${key.workloadName}/${key.generation}`)
    const planned = planJob({
      command: spec.command,
      env: spec.env,
      gpus,
      spec: machine.spec,
      checkpointDir: spec.checkpoint?.dir ?? null,
      datasetMib: (path) =>
        path.startsWith('/') ? folderMib(resolveContainerPath(path, mounts, '/nonexistent').path) : null,
      seed: seedOf(`${key.replicaId}`),
    })
    return {
      ...planned,
      replicaId: key.replicaId,
      generation: key.generation,
      attempt: 1,
      workloadName: key.workloadName,
      gpuUuids: spec.gpuUuids,
      worldFile: this.#worldFile,
      mounts,
      seed,
      sparseFiles: keepsHoles(this.options.dir),
      machineSilentMs: this.options.machineSilentMs ?? MACHINE_SILENT_MS,
      ramLimitMib: Math.min(spec.memoryMib ?? Number.MAX_SAFE_INTEGER, machine.freeRamMib()),
    }
  }

  async stop(key: ReplicaKey, stop: ReplicaSpec['stop']): Promise<void> {
    this.open()
    await this.#replicas.get(replicaName(key))?.stop(stop.signal, stop.graceMs)
  }

  async remove(key: ReplicaKey): Promise<void> {
    this.open()
    const name = replicaName(key)
    const replica = this.#replicas.get(name)
    if (!replica) return
    if (replica.live) throw new RuntimeError('still-running', `${name} has not ended yet.`)
    const followers = [...(this.#followers.get(name) ?? [])]
    await Promise.race([
      Promise.all(followers.map((follower) => follower.done)),
      sleep(REMOVAL_DRAIN_MS, undefined, { ref: false }),
    ])
    for (const follower of followers) follower.stop()
    this.#replicas.delete(name)
    rmSync(replica.dir, { recursive: true, force: true })
  }

  async signal(key: ReplicaKey, signal: 'SIGUSR1' | 'SIGUSR2'): Promise<void> {
    const name = replicaName(key)
    const replica = this.#replicas.get(name)
    if (!replica?.live || !replica.signal(signal)) throw new RuntimeError('not-running', `${name} is not running.`)
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
    const sinceUs = sinceMs === null ? 0 : Math.round(sinceMs * 1000)
    const ended = () => !this.#replicas.get(name)?.live
    const follower = new LogFollower(logFolder(join(this.#root, name)), sinceUs, ended, onLine, onEnd)
    followers.add(follower)
    void follower.done.then(() => followers.delete(follower))
    return () => follower.stop()
  }

  /** The machine goes to sleep: processes save and end, and go on when it wakes. */
  async suspend(withinMs = 4000): Promise<void> {
    this.#stopBeat()
    await Promise.all([...this.#replicas.values()].map((replica) => replica.suspend(withinMs)))
    this.#replicas.clear()
  }

  /** The machine loses its power; `open(true)` is its next boot. */
  powerOff(): void {
    this.#stopBeat()
    for (const replica of this.#replicas.values()) replica.powerOff()
    this.#replicas.clear()
  }

  /** Lets go of everything without touching it, as when the simulator dies. */
  release(): void {
    this.#stopBeat()
    for (const replica of this.#replicas.values()) replica.release()
    this.#replicas.clear()
  }

  #stopBeat(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }
}

/** Apparent size of what lies in a folder, two levels deep; null when it is not there. */
function folderMib(path: string, depth = 2): number | null {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return null
  if (!found.isDirectory()) return found.size / 1024 / 1024
  if (depth === 0) return 0
  return readdirSync(path).reduce((sum, name) => sum + (folderMib(join(path, name), depth - 1) ?? 0), 0)
}
