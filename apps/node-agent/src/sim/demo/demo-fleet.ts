import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { type AgentLog, reasonOf } from '../../agent-log'
import { type Clock, systemClock } from '../../clock'
import { readJsonFile, writeJsonFile } from '../../runtime/shared/json-file'
import { type Fault, FaultError, type FaultRequest, fault, parseFault, sameTarget } from '../faults/fault'
import type { Scenario } from '../scenarios/scenario'
import { DemoNode } from './demo-node'

export interface DemoFleetOptions {
  scenario: Scenario
  stateDir: string
  gatewayUrl: string
  token: string | null
  processCommand: readonly string[]
  speed: number
  log: AgentLog
  clock?: Clock
  pullMs?: number
}

export interface NodeStatus {
  name: string
  gpus: number
  online: boolean
  powered: boolean
  workloads: number
  problem: string | null
}

const SAVE_MS = 30_000
const faultsFile = z.array(fault)

/** All simulated nodes of a scenario in this process: each with its own state, key and connection. */
export class DemoFleet {
  readonly nodes = new Map<string, DemoNode>()
  readonly #clock: Clock
  #faults: Fault[] = []
  #saver: NodeJS.Timeout | null = null
  /** Faults are switched one after the other: on and off of the same one must not overtake each other. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(readonly options: DemoFleetOptions) {
    this.#clock = options.clock ?? systemClock
    mkdirSync(options.stateDir, { recursive: true, mode: 0o700 })
    for (const node of options.scenario.nodes) {
      const log: AgentLog = {
        info: (message) => options.log.info(`${node.name}: ${message}`),
        warn: (message) => options.log.warn(`${node.name}: ${message}`),
      }
      const { gatewayUrl, token, processCommand, pullMs } = options
      const dir = join(options.stateDir, 'nodes', node.name)
      const shared = {
        gatewayUrl,
        token,
        processCommand,
        pullMs,
        timeScale: options.speed,
        clock: this.#clock,
        log,
        dir,
      }
      this.nodes.set(
        node.name,
        new DemoNode({
          ...shared,
          fleet: options.scenario.name,
          node,
          network: { folders: options.scenario.shared, dir: join(options.stateDir, 'shared') },
        }),
      )
    }
  }

  start(): void {
    const kept = readJsonFile(this.#faultsFile, faultsFile) ?? []
    this.#faults = kept.filter((on) => this.nodes.has(on.node))
    for (const node of this.nodes.values()) node.start(this.#faults.filter((on) => on.node === node.name))
    this.#saver = setInterval(() => this.#saveAll(), SAVE_MS)
    this.#saver.unref()
  }

  /** Every node that no fault keeps away is connected, or was refused for good. */
  get ready(): boolean {
    return [...this.nodes.values()].every((node) => node.online || node.gaveUp || !node.connected)
  }

  /** Why not a single node can take part; null while one does or may. */
  get hopeless(): string | null {
    const nodes = [...this.nodes.values()]
    return nodes.every((node) => node.gaveUp) ? (nodes[0]?.problem ?? null) : null
  }

  get faults(): readonly Fault[] {
    return this.#faults
  }

  status(): NodeStatus[] {
    return [...this.nodes.values()].map((node) => ({
      name: node.name,
      gpus: node.machine.gpus.length,
      online: node.online,
      powered: node.powered,
      workloads: node.machine.loads().length,
      problem: node.problem,
    }))
  }

  /** Switches a fault; a wish that cannot be met throws FaultError. Says what it did. */
  switchFault(request: FaultRequest, on: boolean): Promise<string> {
    return this.#inTurn(async () => {
      const gpusOf = new Map([...this.nodes].map(([name, node]) => [name, node.machine.gpus.length]))
      const wanted = parseFault(request, gpusOf, this.#clock.now())
      const known = this.#faults.find((one) => sameTarget(one, wanted))
      const what = faultText(wanted)
      if (on && known) return `${what} is on already.`
      if (!on && !known) throw new FaultError(`${what} is not on.`)
      const node = this.nodes.get(wanted.node)
      if (on) {
        this.#keep([...this.#faults, wanted])
        await node?.faultOn(wanted)
      } else if (known) {
        this.#keep(this.#faults.filter((one) => one !== known))
        await node?.faultOff(known)
      }
      node?.save()
      return `${what} is ${on ? 'on' : 'off'}.`
    })
  }

  /** No fault is on, and every card counts as it did at the scenario's beginning. */
  reset(): Promise<string> {
    return this.#inTurn(async () => {
      const before = this.#faults
      this.#keep([])
      for (const one of before) await this.nodes.get(one.node)?.faultOff(one)
      for (const node of this.nodes.values()) {
        node.resetHardware()
        node.save()
      }
      return `${before.length} ${before.length === 1 ? 'fault' : 'faults'} switched off; counters are back at the beginning.`
    })
  }

  async stop(): Promise<void> {
    if (this.#saver) clearInterval(this.#saver)
    await this.#queue.catch(() => {})
    await Promise.all([...this.nodes.values()].map((node) => node.stop()))
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(task, task)
    this.#queue = next.catch(() => {})
    return next
  }

  #keep(faults: Fault[]): void {
    this.#faults = faults
    writeJsonFile(this.#faultsFile, faults)
  }

  get #faultsFile(): string {
    return join(this.options.stateDir, 'faults.json')
  }

  #saveAll(): void {
    for (const node of this.nodes.values()) {
      try {
        node.save()
      } catch (error) {
        this.options.log.warn(`${node.name}: its state could not be kept: ${reasonOf(error)}`)
      }
    }
  }
}

export const faultText = (one: Fault): string =>
  [
    one.kind,
    one.code === null ? null : `code ${one.code}`,
    `on ${one.node}`,
    one.gpu === null ? null : `GPU ${one.gpu}`,
  ]
    .filter(Boolean)
    .join(' ')
