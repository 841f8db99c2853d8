import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { CommandResult } from '@clawbernetes/protocol/node/commands'
import type { ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import type { Hello, Welcome } from '@clawbernetes/protocol/node/session'
import { PRODUCT_VERSION, PROTOCOL_VERSION } from '@clawbernetes/protocol/version'
import { reasonOf } from './agent-log'
import type { Agent, AgentEnding, AgentOptions } from './agent-options'
import { AssignmentStore } from './assignments/assignment-store'
import { AssignmentsLoop } from './assignments/assignments-loop'
import { openReplicaJournal } from './assignments/replica-journal'
import { StatusLoop } from './assignments/status-loop'
import { systemClock } from './clock'
import { CommandJournal } from './commands/command-journal'
import { CommandLoop } from './commands/command-loop'
import { commandHandlers } from './commands/handlers'
import { GatewayConnection } from './connection/gateway-connection'
import { HealthLoop } from './health/health-loop'
import { HealthTransitions } from './health/transitions'
import { buildInventory } from './inventory/build-inventory'
import { InventoryLoop } from './inventory/inventory-loop'
import { openLogCursors } from './logs/log-cursor'
import { LogLoop } from './logs/log-loop'
import type { MachineReading } from './machine/machine-driver'
import { privateFolder } from './state/atomic-file'
import { type Identity, loadIdentity } from './state/identity'
import { lockState } from './state/state-lock'
import { MachineBook } from './state/machine-book'
import { TelemetryLoop } from './telemetry/telemetry-loop'

const LEAVE_MS = 3_000

/** This state folder holds no identity: the machine has not joined. */
export class NotEnrolledError extends Error {}

/**
 * Starts an enrolled agent: it takes up what it was running, then connects. Everything goes on without the gateway; what
 * cannot be told now is kept, within bounds, and told later.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  await privateFolder(options.stateDir)
  const unlock = await lockState(options.stateDir)
  try {
    const identity = await loadIdentity(options.stateDir)
    if (!identity) throw new NotEnrolledError(`${options.stateDir} holds no node identity. Join first.`)
    return await assemble(options, { ...identity, gatewayUrl: options.gatewayUrl }, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function assemble(options: AgentOptions, identity: Identity, unlock: () => void): Promise<Agent> {
  const { driver, runtimes, log, stateDir } = options
  const clock = options.clock ?? systemClock
  const stopped = new AbortController()
  const { signal } = stopped
  // Every replica and every sleeping loop listens on it.
  setMaxListeners(0, signal)
  const agentBootId = randomUUID()
  const book = await MachineBook.open(stateDir, (await driver.facts()).bootId)
  const where = { roots: options.dataRoots, pathRoot: options.pathRoot ?? '/' }
  const store = await AssignmentStore.open(stateDir)
  let told: { statuses: ReplicaStatus[]; results: CommandResult[] } = { statuses: [], results: [] }
  let end: (ending: AgentEnding | null) => void = () => {}
  const ended = new Promise<AgentEnding | null>((resolve) => {
    end = resolve
  })

  const connection: GatewayConnection = new GatewayConnection(
    identity,
    {
      hello,
      welcomed,
      assignments: async (list) => {
        const no = await store.accept(list)
        if (!no) assignmentsLoop.apply()
        return no
      },
      command: (command) => commandLoop.take(command),
      refusedForGood: (no) => void leave({ code: no.code, message: no.message }),
    },
    log,
    clock,
  )
  const logLoop = new LogLoop(connection, await openLogCursors(stateDir), log, clock, signal)
  const assignmentsLoop: AssignmentsLoop = new AssignmentsLoop({
    store,
    journal: await openReplicaJournal(stateDir),
    runtimes,
    where,
    clock,
    log,
    signal,
    rebooted: book.rebooted,
    publish: (status) => statusLoop.publish(status),
    followLogs: (key, runtime, fresh) => logLoop.follow(key, runtime, fresh),
    logsRead: (replicaId) => logLoop.read(replicaId),
    forgotten: (replicaId) => void logLoop.forget(replicaId),
  })
  const statusLoop = new StatusLoop(
    connection,
    (statuses) => assignmentsLoop.acknowledged(statuses),
    log,
    clock,
    signal,
  )
  const inventoryLoop = new InventoryLoop(() => buildInventory(options), connection, log, clock, signal)
  const handlers = commandHandlers({
    where,
    driver,
    runtimes,
    replica: (id) => assignmentsLoop.record(id),
    refreshInventory: () => inventoryLoop.refresh(),
    clock,
  })
  const commandLoop = new CommandLoop(
    await CommandJournal.open(stateDir),
    handlers,
    () => store.current.epoch,
    connection,
    log,
    clock,
    signal,
  )
  const healthLoop = new HealthLoop(connection, (events) => book.acknowledged(events), log, clock, signal)
  const transitions = new HealthTransitions()
  const onReading = (reading: MachineReading, atMs: number) => {
    for (const event of transitions.of(reading.gpus, atMs)) healthLoop.add(event)
    if (book.gpusChanged(reading.gpus)) inventoryLoop.wake()
  }
  const telemetryLoop = new TelemetryLoop(
    driver,
    connection,
    agentBootId,
    options.intervalMs,
    onReading,
    log,
    clock,
    signal,
  )

  async function hello(): Promise<Hello> {
    const inventory = await inventoryLoop.fresh()
    told = { statuses: assignmentsLoop.statuses(), results: commandLoop.unacknowledged() }
    return {
      protocol: PROTOCOL_VERSION,
      agentVersion: PRODUCT_VERSION,
      agentBootId,
      epoch: store.current.epoch,
      inventory,
      replicas: told.statuses,
      results: told.results,
    }
  }

  async function welcomed(message: Welcome): Promise<void> {
    const no = await store.accept(message.assignments)
    if (no) log.warn(`The gateway's list was not taken: ${no.message}`)
    assignmentsLoop.apply()
    telemetryLoop.setInterval(message.sampleIntervalMs)
    statusLoop.told(told.statuses)
    await commandLoop.acknowledged(told.results)
    // The loops look at `online`, which is set when this has returned.
    queueMicrotask(() =>
      setImmediate(() => [statusLoop, logLoop, telemetryLoop, healthLoop, commandLoop].forEach((loop) => loop.wake())),
    )
  }

  await assignmentsLoop.start()
  assignmentsLoop.apply()
  const unwatch = driver.watch((event) => {
    if (!book.isOld(event)) healthLoop.add({ ...event, replicaId: event.replicaId ?? null })
  })
  const loops = [statusLoop, logLoop, telemetryLoop, healthLoop, commandLoop, inventoryLoop].map((loop) =>
    loop.run().catch((error: unknown) => log.warn(`A loop of the agent ended: ${reasonOf(error)}`)),
  )
  connection.start()

  let leaving: Promise<void> | null = null
  function leave(ending: AgentEnding | null): Promise<void> {
    leaving ??= (async () => {
      stopped.abort()
      unwatch()
      await connection.stop()
      // A replica may be in the middle of a long stop: it is on disk and goes on at the next start.
      await Promise.race([Promise.all([...loops, assignmentsLoop.settled()]), clock.sleep(LEAVE_MS)])
      await book.save()
      unlock()
      end(ending)
    })()
    return leaving
  }

  return { nodeId: identity.nodeId, online: () => connection.online, ended, stop: () => leave(null) }
}
