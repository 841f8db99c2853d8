import { isDeepStrictEqual } from 'node:util'
import type { Inventory } from '@clawbernetes/protocol/node/inventory'
import { type AgentLog, reasonOf } from '../agent-log'
import type { Clock } from '../clock'
import { deliver } from '../connection/deliver'
import type { GatewayConnection } from '../connection/gateway-connection'
import { Wake } from '../wake'

const REFRESH_MS = 60_000

/** Looks at the machine again now and then and tells the gateway when something about it changed. */
export class InventoryLoop {
  #told: Inventory | null = null
  readonly #wake = new Wake()

  constructor(
    private readonly build: () => Promise<Inventory>,
    private readonly connection: Pick<GatewayConnection, 'online' | 'send'>,
    private readonly log: AgentLog,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /** For hello: read anew, and taken as told. */
  async fresh(): Promise<Inventory> {
    this.#told = await this.build()
    return this.#told
  }

  wake(): void {
    this.#wake.wake()
  }

  /** Reads and, where anything changed, sends; for the loop and for the command. True when it was sent. */
  async refresh(): Promise<boolean> {
    const inventory = await this.build()
    if (!this.connection.online || isDeepStrictEqual(inventory, this.#told)) return false
    const outcome = await deliver(
      'the inventory',
      () => this.connection.send('inventory', inventory),
      this.log,
      this.clock,
      this.signal,
    )
    if (outcome === 'delivered') this.#told = inventory
    return outcome === 'delivered'
  }

  async run(): Promise<void> {
    while (!this.signal.aborted) {
      await this.#wake.sleep(REFRESH_MS, this.clock, this.signal)
      if (this.signal.aborted || !this.connection.online) continue
      try {
        await this.refresh()
      } catch (error) {
        this.log.warn(`The inventory could not be read: ${reasonOf(error)}`)
      }
    }
  }
}
