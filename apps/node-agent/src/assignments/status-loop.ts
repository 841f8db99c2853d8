import type { ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import type { AgentLog } from '../agent-log'
import type { Clock } from '../clock'
import { deliver } from '../connection/deliver'
import type { GatewayConnection } from '../connection/gateway-connection'
import { Wake } from '../wake'

const MAX_PER_MESSAGE = 128

/** Sends every replica's newest status; one that changed again meanwhile goes out again. Older ones in between are not missed. */
export class StatusLoop {
  readonly #pending = new Map<string, ReplicaStatus>()
  readonly #wake = new Wake()

  constructor(
    private readonly connection: Pick<GatewayConnection, 'online' | 'send'>,
    private readonly acknowledged: (statuses: ReplicaStatus[]) => void,
    private readonly log: AgentLog,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  publish(status: ReplicaStatus): void {
    this.#pending.set(status.replicaId, status)
    this.#wake.wake()
  }

  /** hello told the gateway these. */
  told(statuses: ReplicaStatus[]): void {
    for (const status of statuses)
      if (this.#pending.get(status.replicaId)?.seq === status.seq) this.#pending.delete(status.replicaId)
    this.acknowledged(statuses)
  }

  wake(): void {
    this.#wake.wake()
  }

  async run(): Promise<void> {
    while (!this.signal.aborted) {
      const statuses = [...this.#pending.values()].slice(0, MAX_PER_MESSAGE)
      if (!this.connection.online || statuses.length === 0) {
        await this.#wake.sleep(null, this.clock, this.signal)
        continue
      }
      const outcome = await deliver(
        'a replica status',
        () => this.connection.send('replica-status', { statuses }),
        this.log,
        this.clock,
        this.signal,
      )
      if (outcome !== 'offline') this.told(statuses)
      else await this.#wake.sleep(1_000, this.clock, this.signal)
    }
  }
}
