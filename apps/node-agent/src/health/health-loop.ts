import type { HealthEvent } from '@clawbernetes/protocol/node/telemetry'
import type { AgentLog } from '../agent-log'
import type { Clock } from '../clock'
import { deliver } from '../connection/deliver'
import type { GatewayConnection } from '../connection/gateway-connection'
import { Wake } from '../wake'

const BUFFER_EVENTS = 1_000
const MAX_PER_MESSAGE = 256

/** Rare events on their way to the gateway, in order, each until it is acknowledged; bounded, the oldest go first. */
export class HealthLoop {
  #events: HealthEvent[] = []
  #dropped = 0
  readonly #wake = new Wake()

  constructor(
    private readonly connection: Pick<GatewayConnection, 'online' | 'send'>,
    private readonly acknowledged: (events: HealthEvent[]) => void,
    private readonly log: AgentLog,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  add(event: HealthEvent): void {
    if (this.#events.some((known) => known.key === event.key)) return
    this.#events.push(event)
    if (this.#events.length > BUFFER_EVENTS) {
      this.#events.shift()
      this.#dropped++
    }
    this.#wake.wake()
  }

  wake(): void {
    this.#wake.wake()
  }

  async run(): Promise<void> {
    while (!this.signal.aborted) {
      if (!this.connection.online || this.#events.length === 0) {
        await this.#wake.sleep(null, this.clock, this.signal)
        continue
      }
      this.#tellDropped()
      const events = this.#events.slice(0, MAX_PER_MESSAGE)
      const outcome = await deliver(
        'a health event',
        () => this.connection.send('health-events', { events }),
        this.log,
        this.clock,
        this.signal,
      )
      if (outcome === 'offline') {
        await this.#wake.sleep(1_000, this.clock, this.signal)
        continue
      }
      const sent = new Set(events)
      this.#events = this.#events.filter((event) => !sent.has(event))
      this.acknowledged(events)
    }
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return
    const atMs = this.clock.now()
    const line = `${this.#dropped} health events were dropped while the gateway was away.`
    this.#events.push({
      key: `agent:dropped:${atMs}`,
      atMs,
      kind: 'agent',
      uuid: null,
      pciBusId: null,
      code: this.#dropped,
      line,
      replicaId: null,
    })
    this.#dropped = 0
  }
}
