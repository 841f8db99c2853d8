import type { TelemetrySample } from '@clawbernetes/protocol/node/telemetry'
import { type AgentLog, reasonOf } from '../agent-log'
import type { Clock } from '../clock'
import { deliver } from '../connection/deliver'
import type { GatewayConnection } from '../connection/gateway-connection'
import type { MachineDriver, MachineReading } from '../machine/machine-driver'
import { Wake } from '../wake'
import { Changes } from './changes'
import { replicaOfProcess } from './process-owner'
import { SampleBuffer } from './sample-buffer'

export const DEFAULT_INTERVAL_MS = 5_000
/** A machine that is slow to read is not read without a pause. */
const LEAST_REST_MS = 50

/** Samples the machine on a steady beat and ships the samples in acknowledged batches. */
export class TelemetryLoop {
  readonly #buffer: SampleBuffer
  readonly #changes = new Changes()
  readonly #sending = new Wake()
  readonly #beat = new Wake()
  #intervalMs: number

  constructor(
    private readonly driver: MachineDriver,
    private readonly connection: Pick<GatewayConnection, 'online' | 'send'>,
    agentBootId: string,
    private readonly fixedIntervalMs: number | undefined,
    private readonly onReading: (reading: MachineReading, atMs: number) => void,
    private readonly log: AgentLog,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {
    this.#buffer = new SampleBuffer(agentBootId)
    this.#intervalMs = fixedIntervalMs ?? DEFAULT_INTERVAL_MS
  }

  /** The gateway's wish; what the operator fixed goes first. */
  setInterval(ms: number): void {
    if (this.fixedIntervalMs !== undefined || ms === this.#intervalMs) return
    this.#intervalMs = ms
    this.#beat.wake()
  }

  wake(): void {
    this.#sending.wake()
  }

  async run(): Promise<void> {
    await Promise.all([this.#sample(), this.#send()])
  }

  async #sample(): Promise<void> {
    while (!this.signal.aborted) {
      const startedMs = this.clock.now()
      try {
        const reading = await this.driver.read()
        this.#take(reading, startedMs)
      } catch (error) {
        this.log.warn(`The machine could not be read: ${reasonOf(error)}`)
      }
      // A slow reading shortens the pause, never overlaps with the next one.
      const restMs = Math.max(
        Math.min(LEAST_REST_MS, this.#intervalMs),
        this.#intervalMs - (this.clock.now() - startedMs),
      )
      await this.#beat.sleep(restMs, this.clock, this.signal)
    }
  }

  #take(reading: MachineReading, atMs: number): void {
    const processes = reading.processes.map((p) => ({
      ...p,
      name: p.name.slice(0, 200),
      replicaId: p.replicaId ?? replicaOfProcess(p.pid),
    }))
    const sample: TelemetrySample = {
      atMs,
      gpus: reading.gpus.slice(0, 32),
      host: reading.host,
      ...this.#changes.of(reading.counters, processes),
    }
    if (this.#buffer.add(sample)) this.#changes.forget()
    this.onReading({ ...reading, processes }, atMs)
    this.#sending.wake()
  }

  async #send(): Promise<void> {
    while (!this.signal.aborted) {
      const batch = this.connection.online ? this.#buffer.next() : null
      if (!batch) {
        await this.#sending.sleep(null, this.clock, this.signal)
        continue
      }
      const outcome = await deliver(
        'a telemetry batch',
        () => this.connection.send('telemetry', batch),
        this.log,
        this.clock,
        this.signal,
      )
      if (outcome === 'delivered') this.#buffer.acknowledge(batch)
      else if (outcome === 'dropped') {
        this.#buffer.discard(batch)
        this.#changes.forget()
      } else await this.#sending.sleep(1_000, this.clock, this.signal)
    }
  }
}
