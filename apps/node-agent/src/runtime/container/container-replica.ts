import { setTimeout as sleep } from 'node:timers/promises'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type Docker from 'dockerode'
import type { GpuVerdict } from '../gpu/gpu-verify'
import type { Observed } from '../runtime'
import { type HealthVerdict, watchHttpHealth } from '../shared/http-health'
import { changeReporter, isFinal, NOT_ENDING, replicaName } from '../shared/observed'
import { type ContainerContext, judgeGpus, STOPPED_EARLY, tryStart } from './bring-up'
import { endContainer, initRefusal, inspectContainer, removeContainer } from './container-actions'
import { memoryCgroupOf, oomKillCounted, oomVerdict } from './container-oom'
import type { ContainerRecord } from './container-record'
import { bridgeAddressOf, hasEnded, isOwn, neverRan, observeContainer } from './container-state'
import type { Engine } from './engine'
import { engineMessage, isUnreachable, startError } from './engine-error'

/** Events tell changes at once; this look finds what was missed while the engine was away. */
const LOOK_MS = 5000
const ENGINE_RETRY_MS = 2000
const OOM_POLL_MS = 500
const STOP_POLL_MS = 100

/**
 * One container from order to end: image → create → start → GPU check → health → end. Every step first looks at what
 * the engine has under this replica's name, so a crash at any point is continued and nothing runs twice.
 */
export class ContainerReplica {
  readonly name: string
  current: Observed
  #report: (observed: Observed) => void
  #abort = new AbortController()
  #driving: Promise<void> | null = null
  #looking: Promise<void> | null = null
  #lookAgain = false
  #timers: NodeJS.Timeout[] = []
  #stopHealth: (() => void) | undefined
  #verdict: HealthVerdict = { ready: false, problem: null }
  #verifying = false
  #info: Docker.ContainerInspectInfo | null = null
  #initWords: Observed['reason'] = null
  #driven = false
  #closed = false

  constructor(
    readonly context: ContainerContext,
    public record: ContainerRecord,
    onChange: (observed: Observed) => void = () => {},
  ) {
    this.name = replicaName(record.key)
    this.current = observeContainer(record, null, null)
    this.#report = changeReporter(onChange)
  }

  /** A later start of the same replica takes over the reports. */
  retarget(onChange: (observed: Observed) => void): void {
    this.#report = changeReporter(onChange)
    this.#report(this.current)
  }

  /** Brings it to run, or finds it running, and follows it. */
  drive(): void {
    this.#driven = true
    this.#driving ??= this.#bringUp()
      .catch((error: unknown) => this.context.log.warn(`${this.name}: ${engineMessage(error)}`))
      .finally(() => {
        this.#driving = null
      })
    this.#timers.push(setInterval(() => void this.look(), LOOK_MS))
    if (!this.context.engine.tellsOom) this.#timers.push(setInterval(() => this.#countOom(), OOM_POLL_MS))
  }

  close(): void {
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    this.#stopHealth?.()
    this.#abort.abort()
  }

  async #bringUp(): Promise<void> {
    while (!this.#closed && !this.record.started && !this.record.failure) {
      try {
        const started = await tryStart(this.context, this.record, {
          signal: this.#abort.signal,
          onPulling: (message) =>
            this.#show({ ...this.current, phase: 'pulling', reason: { code: 'pulling', message } }),
          onStarting: () => this.#show({ ...this.current, phase: 'starting', reason: null }),
        })
        if (started) this.#save({ started: true })
      } catch (error) {
        if (this.#closed) return
        const failure = startError(error, this.#wantsGpu())
        if (failure.code === 'engine-unavailable') {
          // Whether something was started is not known then: the next round looks first.
          this.#tell({ code: failure.code, message: failure.message })
          await sleep(ENGINE_RETRY_MS)
        } else if (this.record.stopAsked) this.#fail('stopped', STOPPED_EARLY.message)
        else this.#fail(failure.code, failure.message)
      }
    }
    if (!this.#closed) await this.look()
  }

  /** Asks the engine how it is. Calls during a look are answered by one more look after it. */
  look(): Promise<void> {
    if (this.#looking) {
      this.#lookAgain = true
      return this.#looking
    }
    this.#looking = this.#lookOnce()
      .catch((error: unknown) => this.context.log.warn(`${this.name}: ${engineMessage(error)}`))
      .finally(() => {
        this.#looking = null
        if (this.#lookAgain && !this.#closed) {
          this.#lookAgain = false
          void this.look()
        }
      })
    return this.#looking
  }

  async #lookOnce(): Promise<void> {
    if (this.#closed || (this.#driving && !this.record.started && !this.record.failure)) return
    try {
      this.#info = await inspectContainer(this.context.engine, this.name)
    } catch (error) {
      const code = isUnreachable(error) ? 'engine-unavailable' : 'engine-error'
      return this.#show({
        ...this.current,
        reason: { code, message: `The container engine does not say how it is: ${engineMessage(error)}` },
      })
    }
    const info = this.#info
    if (!info && this.record.started && !this.record.failure) {
      const { code, message } = this.record.stopAsked ? STOPPED : removedByHand()
      return this.#fail(code, message)
    }
    if (info && !hasEnded(info) && this.record.failure) {
      await endContainer(this.context.engine, this.name, null, 0)
      this.#info = await inspectContainer(this.context.engine, this.name)
    }
    if (this.#info && hasEnded(this.#info)) this.#initWords = await initRefusal(this.context.engine, this.#info)
    this.#compose()
  }

  #compose(): void {
    const info = this.#info
    const ended = info !== null && hasEnded(info)
    const observed = observeContainer(
      this.record,
      info,
      ended ? oomVerdict(this.context.engine, info, this.record.oomSeen) : null,
    )
    if (isFinal(observed)) {
      const unverified = this.#wantsGpu() && this.record.gpuVerified === null && info !== null
      const reason = this.#initWords ?? (unverified ? (observed.reason ?? GPU_UNVERIFIED) : observed.reason)
      this.#show({ ...observed, reason })
      return this.close()
    }
    if (observed.phase !== 'running' || !info || !this.#driven) return this.#show(observed)
    if (this.#wantsGpu() && this.record.gpuVerified === null) {
      if (!this.#verifying) void this.#verify(info)
      return this.#show({ ...observed, phase: 'starting' })
    }
    this.#show(this.#withHealth(observed, info))
  }

  /** What was not handed over must not run: it would compute on nothing, or on somebody else's GPU. */
  async #verify(info: Docker.ContainerInspectInfo): Promise<void> {
    const { engine, log } = this.context
    this.#verifying = true
    try {
      const verdict = await judgeGpus(engine, info, this.record.spec?.gpuUuids ?? [])
      const after = await inspectContainer(engine, this.name)
      if (!this.#closed && after && !hasEnded(after)) this.#keepVerdict(verdict)
    } catch (error) {
      log.warn(`${this.name}: its GPUs could not be checked yet: ${engineMessage(error)}`)
    }
    this.#verifying = false
    // One that ended meanwhile is seen as ended; one that could not be checked is checked again at a later look.
    if (this.record.gpuVerified !== null) await this.look()
  }

  #keepVerdict(verdict: GpuVerdict): void {
    this.#save({ gpuVerified: verdict.passed })
    if (verdict.passed) return
    const message =
      `${engineLabel(this.context.engine)} started it without the GPUs it was given. ${verdict.problem ?? ''}`.trim()
    this.context.log.warn(`${this.name}: ${message}`)
    this.#save({ failure: { code: 'gpu-not-passed', message, atMs: Date.now() } })
  }

  #wantsGpu = (): boolean => (this.record.spec?.gpuUuids.length ?? 0) > 0

  #withHealth(observed: Observed, info: Docker.ContainerInspectInfo): Observed {
    const health = this.record.spec?.health ?? null
    if (!health) return { ...observed, phase: 'ready' }
    const published = observed.endpoints.find((endpoint) => endpoint.containerPort === health.port)
    const host = published?.address ?? bridgeAddressOf(info)
    const target = host ? { host, port: published?.hostPort ?? health.port } : null
    this.#stopHealth ??= watchHttpHealth(
      health,
      () => target,
      observed.startedAtMs ?? Date.now(),
      (verdict) => {
        this.#verdict = verdict
        this.#compose()
      },
    )
    if (this.#verdict.ready) return { ...observed, phase: 'ready' }
    return this.#verdict.problem
      ? { ...observed, reason: { code: 'unhealthy', message: this.#verdict.problem } }
      : observed
  }

  #countOom(): void {
    if (this.record.oomSeen || !this.#info || hasEnded(this.#info)) return
    if (oomKillCounted(memoryCgroupOf(this.#info.State.Pid))) this.#save({ oomSeen: true })
  }

  /** Resolves when it has ended, or can no longer start. */
  async stop(stop: ReplicaSpec['stop']): Promise<void> {
    await this.look()
    if (this.#closed) return
    this.#save({ stopAsked: true })
    this.#show({ ...this.current, phase: 'stopping' })
    this.#abort.abort()
    await this.#driving
    if (!this.record.started && !this.record.failure) await this.#adoptForStop()
    if (this.record.started && !this.record.failure)
      await endContainer(this.context.engine, this.name, stop.signal, stop.graceMs, () => this.#tell(NOT_ENDING))
    for (await this.look(); !this.#closed; await this.look()) await sleep(STOP_POLL_MS)
  }

  /** Not driven by this agent process: what the engine has under the name decides whether there is something to end. */
  async #adoptForStop(): Promise<void> {
    const found = await inspectContainer(this.context.engine, this.name)
    if (found && isOwn(found, this.record.key, this.context.owner) && !neverRan(found))
      return this.#save({ started: true })
    if (found && isOwn(found, this.record.key, this.context.owner))
      await removeContainer(this.context.engine, this.name)
    this.#fail('stopped', STOPPED_EARLY.message)
  }

  #fail(code: string, message: string): void {
    this.#save({ failure: { code: this.record.stopAsked ? 'stopped' : code, message, atMs: Date.now() } })
    this.#compose()
  }

  #save(change: Partial<ContainerRecord>): void {
    this.record = { ...this.record, ...change }
    this.context.records.write(this.record)
  }

  #tell(reason: Observed['reason']): void {
    this.#show({ ...this.current, reason })
  }

  #show(observed: Observed): void {
    this.current = observed
    if (!this.#closed) this.#report(observed)
  }
}

export const removedByHand = () => ({
  code: 'container-removed',
  message: 'Somebody removed its container.',
  atMs: Date.now(),
})

const STOPPED = { code: 'stopped', message: 'It was stopped as asked.' }
const GPU_UNVERIFIED = {
  code: 'gpu-unverified',
  message: 'It ended before it could be seen whether the GPUs were there.',
}
const engineLabel = (engine: Engine): string => `${engine.kind === 'docker' ? 'Docker' : 'Podman'} ${engine.version}`
