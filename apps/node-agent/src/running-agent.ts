import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { CommandResult } from '@clawbernetes/protocol/node/commands'
import type { Assignments, ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import type { Hello, Refusal, Welcome } from '@clawbernetes/protocol/node/session'
import { PRODUCT_VERSION, PROTOCOL_VERSION } from '@clawbernetes/protocol/version'
import { reasonOf } from './agent-log'
import type { Agent, AgentEnding, AgentOptions } from './agent-options'
import type { AgentStores } from './agent-stores'
import { AssignmentsLoop } from './assignments/assignments-loop'
import { StatusLoop } from './assignments/status-loop'
import { type Clock, systemClock } from './clock'
import { CommandLoop } from './commands/command-loop'
import { commandHandlers } from './commands/handlers'
import { GatewayConnection } from './connection/gateway-connection'
import { HealthLoop } from './health/health-loop'
import { HealthTransitions } from './health/transitions'
import { buildInventory } from './inventory/build-inventory'
import { InventoryLoop } from './inventory/inventory-loop'
import { LogLoop } from './logs/log-loop'
import type { MachineReading } from './machine/machine-driver'
import type { Identity } from './state/identity'
import { TelemetryLoop } from './telemetry/telemetry-loop'

const LEAVE_MS = 3_000

/** The loops of one agent, wired: what each finds out goes to the one that ships it, what the gateway says to the one that does it. */
export class RunningAgent implements Agent {
  readonly ended: Promise<AgentEnding | null>
  readonly #bootId = randomUUID()
  readonly #stopped = new AbortController()
  readonly #clock: Clock
  readonly #connection: GatewayConnection
  readonly #assignments: AssignmentsLoop
  readonly #statuses: StatusLoop
  readonly #logs: LogLoop
  readonly #telemetry: TelemetryLoop
  readonly #health: HealthLoop
  readonly #commands: CommandLoop
  readonly #inventory: InventoryLoop
  readonly #transitions = new HealthTransitions()
  /** What the last hello carried: acknowledged with the welcome. */
  #told: { statuses: ReplicaStatus[]; results: CommandResult[] } = { statuses: [], results: [] }
  #loops: Promise<void>[] = []
  #unwatch = () => {}
  #leaving: Promise<void> | null = null
  #end: (ending: AgentEnding | null) => void = () => {}

  constructor(
    private readonly options: AgentOptions,
    private readonly identity: Identity,
    private readonly stores: AgentStores,
    private readonly unlock: () => void,
  ) {
    const { driver, runtimes, log } = options
    const { signal } = this.#stopped
    const clock = options.clock ?? systemClock
    const where = { roots: options.dataRoots, pathRoot: options.pathRoot ?? '/' }
    // Every replica and every sleeping loop listens on it.
    setMaxListeners(0, signal)
    this.#clock = clock
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    const connection = this.#connect()
    this.#connection = connection
    this.#logs = new LogLoop(connection, stores.cursors, log, clock, signal)
    this.#statuses = new StatusLoop(connection, (told) => this.#assignments.acknowledged(told), log, clock, signal)
    this.#health = new HealthLoop(connection, (events) => stores.book.acknowledged(events), log, clock, signal)
    this.#inventory = new InventoryLoop(() => buildInventory(options), connection, log, clock, signal)
    const onReading = (reading: MachineReading, atMs: number) => this.#onReading(reading, atMs)
    this.#telemetry = new TelemetryLoop(
      driver,
      connection,
      this.#bootId,
      options.intervalMs,
      onReading,
      log,
      clock,
      signal,
    )
    this.#assignments = new AssignmentsLoop({
      store: stores.assignments,
      journal: stores.replicas,
      runtimes,
      where,
      clock,
      log,
      signal,
      rebooted: stores.book.rebooted,
      publish: (status) => this.#statuses.publish(status),
      followLogs: (key, runtime, fresh) => this.#logs.follow(key, runtime, fresh),
      logsRead: (replicaId) => this.#logs.read(replicaId),
      forgotten: (replicaId) => this.#logs.forget(replicaId),
    })
    const replica = (replicaId: string) => this.#assignments.record(replicaId)
    const handlers = commandHandlers({
      where,
      driver,
      runtimes,
      replica,
      refreshInventory: () => this.#inventory.refresh(),
      clock,
    })
    this.#commands = new CommandLoop(
      stores.commands,
      handlers,
      () => stores.assignments.current.epoch,
      connection,
      log,
      clock,
      signal,
    )
  }

  get nodeId(): string {
    return this.identity.nodeId
  }

  online(): boolean {
    return this.#connection.online
  }

  async start(): Promise<void> {
    await this.#assignments.start()
    this.#assignments.apply()
    this.#unwatch = this.options.driver.watch((event) => {
      if (!this.stores.book.isOld(event)) this.#health.add(event)
    })
    this.#loops = [this.#statuses, this.#logs, this.#telemetry, this.#health, this.#commands, this.#inventory].map(
      (loop) =>
        loop.run().catch((error: unknown) => this.options.log.warn(`A loop of the agent ended: ${reasonOf(error)}`)),
    )
    this.#connection.start()
  }

  stop(): Promise<void> {
    return this.#leave(null)
  }

  #connect(): GatewayConnection {
    const handlers = {
      hello: () => this.#hello(),
      welcomed: (message: Welcome) => this.#welcomed(message),
      assignments: (list: Assignments) => this.#accept(list),
      command: (command: Parameters<CommandLoop['take']>[0]) => this.#commands.take(command),
      refusedForGood: ({ code, message }: Refusal) => void this.#leave({ code, message }),
    }
    return new GatewayConnection(this.identity, handlers, this.options.log, this.options.clock ?? systemClock)
  }

  async #hello(): Promise<Hello> {
    const inventory = await this.#inventory.fresh()
    this.#told = { statuses: this.#assignments.statuses(), results: this.#commands.unacknowledged() }
    return {
      protocol: PROTOCOL_VERSION,
      agentVersion: PRODUCT_VERSION,
      agentBootId: this.#bootId,
      epoch: this.stores.assignments.current.epoch,
      inventory,
      replicas: this.#told.statuses,
      results: this.#told.results,
    }
  }

  async #welcomed(message: Welcome): Promise<void> {
    const no = await this.#accept(message.assignments)
    if (no) this.options.log.warn(`The gateway's list was not taken: ${no.message}`)
    this.#telemetry.setInterval(message.sampleIntervalMs)
    this.#statuses.told(this.#told.statuses)
    await this.#commands.acknowledged(this.#told.results)
    // The loops look at `online`, which is set when this has returned.
    const waiting = [this.#statuses, this.#logs, this.#telemetry, this.#health, this.#commands]
    setImmediate(() => waiting.forEach((loop) => loop.wake()))
  }

  async #accept(list: Assignments): Promise<Refusal | null> {
    const no = await this.stores.assignments.accept(list)
    if (!no) this.#assignments.apply()
    return no
  }

  #onReading(reading: MachineReading, atMs: number): void {
    for (const event of this.#transitions.of(reading.gpus, atMs)) this.#health.add(event)
    if (this.stores.book.gpusChanged(reading.gpus)) this.#inventory.wake()
  }

  #leave(ending: AgentEnding | null): Promise<void> {
    this.#leaving ??= (async () => {
      this.#stopped.abort()
      this.#unwatch()
      await this.#connection.stop()
      // A replica may be in the middle of a long stop: it is on disk and goes on at the next start.
      await Promise.race([Promise.all([...this.#loops, this.#assignments.settled()]), this.#clock.sleep(LEAVE_MS)])
      await this.stores.book.save()
      this.unlock()
      this.#end(ending)
    })()
    return this.#leaving
  }
}
