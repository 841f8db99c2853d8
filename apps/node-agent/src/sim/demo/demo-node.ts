import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentLog } from '../../agent-log'
import { reasonOf } from '../../agent-log'
import { startAgent } from '../../agent'
import type { Agent, AgentOptions } from '../../agent-options'
import type { Clock } from '../../clock'
import { EnrolError, enrolNode } from '../../enrol'
import { simDriver } from '../../machine/sim-driver'
import { readJsonFile, writeJsonFile } from '../../runtime/shared/json-file'
import { SimRuntime } from '../../runtime/sim-runtime'
import { loadIdentity } from '../../state/identity'
import type { Fault } from '../faults/fault'
import { machineState } from '../machine/machine-state'
import { SimMachine } from '../machine/sim-machine'
import type { ScenarioNode } from '../scenarios/scenario'
import { layOutDisk } from './lay-out-disk'
import { mountShared } from './mount-shared'

export interface DemoNodeOptions {
  fleet: string
  node: ScenarioNode
  /** Folder of this node: agent/, machine/ and fs/ lie in it. */
  dir: string
  gatewayUrl: string
  /** null: the node must have joined before. */
  token: string | null
  processCommand: readonly string[]
  timeScale: number
  clock: Clock
  log: AgentLog
  pullMs?: number
  /** Folders that all nodes of the fleet see, and where they really lie. */
  network: { folders: readonly string[]; dir: string }
}

const DATA_ROOT = '/data'
const RETRY_MS = 1000
/** Endings that mean: this gateway does not know the node, or another database stands behind it than before. */
const UNKNOWN_HERE = new Set(['unproven', 'not-found'])
const ONLINE_LOOK_MS = 250

/** One simulated machine with the real node agent on it, its power switch and its network cable. */
export class DemoNode {
  readonly machine: SimMachine
  readonly runtime: SimRuntime
  #agent: Agent | null = null
  #stopped = new AbortController()
  #life: Promise<void> = Promise.resolve()
  #faults: Fault[] = []
  #problem: string | null = null
  #wasOnline = false
  #gaveUp = false

  constructor(readonly options: DemoNodeOptions) {
    const { dir, fleet, node, timeScale } = options
    mkdirSync(join(dir, 'machine'), { recursive: true, mode: 0o700 })
    const kept = readJsonFile(this.#stateFile, machineState)
    this.machine = new SimMachine(fleet, node, randomUUID(), kept ?? undefined)
    this.machine.timeScale = timeScale
    this.runtime = new SimRuntime({
      machine: this.machine,
      dir: join(dir, 'machine'),
      owner: node.name,
      processCommand: options.processCommand,
      now: () => options.clock.now(),
      pullMs: options.pullMs,
    })
  }

  get name(): string {
    return this.options.node.name
  }

  get #stateFile(): string {
    return join(this.options.dir, 'machine', 'state.json')
  }

  get online(): boolean {
    return this.#agent?.online() ?? false
  }

  get powered(): boolean {
    return !this.#faults.some((fault) => fault.kind === 'node-gone')
  }

  get connected(): boolean {
    return this.powered && !this.#faults.some((fault) => fault.kind === 'node-silent')
  }

  /** Refused for good: nothing more will happen until somebody acts. */
  get gaveUp(): boolean {
    return this.#gaveUp
  }

  /** Why the node cannot take part; null while nothing is wrong. */
  get problem(): string | null {
    return this.#problem
  }

  /** Boots the machine as the faults allow it and connects it. */
  start(faults: readonly Fault[]): void {
    this.#faults = [...faults]
    this.machine.restoreFaults(faults)
    layOutDisk(join(this.options.dir, 'fs'), this.options.node)
    mountShared(join(this.options.dir, 'fs'), this.options.network)
    if (this.powered) this.runtime.open()
    if (this.connected) this.#connect()
  }

  async faultOn(fault: Fault): Promise<void> {
    this.machine.faultOn(fault, this.options.clock.now())
    this.#faults.push(fault)
    if (fault.kind === 'node-silent') await this.#disconnect()
    else if (fault.kind === 'node-gone') {
      await this.#disconnect()
      this.runtime.powerOff()
    } else this.runtime.publishWorld(true)
  }

  async faultOff(fault: Fault): Promise<void> {
    this.machine.faultOff(fault)
    const wasOff = !this.powered
    this.#faults = this.#faults.filter((on) => on !== fault)
    if (this.powered && wasOff) {
      this.machine.reboot(randomUUID())
      this.runtime.open(true)
    } else if (this.powered) this.runtime.publishWorld(true)
    if (this.connected && this.#agent === null) this.#connect()
  }

  /** Puts the card's counters back to where the scenario begins. */
  resetHardware(): void {
    this.machine.resetHardware()
    if (this.powered) this.runtime.publishWorld(true)
  }

  save(): void {
    writeJsonFile(this.#stateFile, this.machine.state)
  }

  /** The machine sleeps: its processes save and end, and go on at the next start. */
  async stop(): Promise<void> {
    await this.#disconnect()
    if (this.powered) await this.runtime.suspend()
    this.save()
  }

  #connect(): void {
    this.#stopped = new AbortController()
    const { signal } = this.#stopped
    this.#gaveUp = false
    this.#life = this.#live(signal)
      .catch((error: unknown) => {
        this.#problem = reasonOf(error)
        this.options.log.warn(this.#problem)
      })
      .finally(() => {
        this.#gaveUp = !signal.aborted
      })
  }

  async #disconnect(): Promise<void> {
    this.#stopped.abort()
    await this.#agent?.stop()
    await this.#life
    this.#agent = null
  }

  async #live(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#join(signal)
      if (signal.aborted) return
      const agent = await startAgent(this.#agentOptions())
      this.#agent = agent
      const look = setInterval(() => this.#look(agent), ONLINE_LOOK_MS)
      const ending = await agent.ended
      clearInterval(look)
      this.#agent = null
      if (ending === null || signal.aborted) return
      this.#problem = ending.message
      this.options.log.warn(`The gateway refused this node (${ending.code}): ${ending.message}`)
      // A node that somebody removed while it ran stays removed; one from before another database joins anew.
      if (this.#wasOnline || this.options.token === null || !UNKNOWN_HERE.has(ending.code)) return
      this.#wasOnline = true
      rmSync(this.#agentDir, { recursive: true, force: true })
    }
  }

  #look(agent: Agent): void {
    if (!agent.online()) return
    this.#wasOnline = true
    this.#problem = null
  }

  /** Joins with the token unless it has joined before; waits for a gateway that does not answer yet. */
  async #join(signal: AbortSignal): Promise<void> {
    mkdirSync(this.#agentDir, { recursive: true, mode: 0o700 })
    while (!signal.aborted) {
      if (await loadIdentity(this.#agentDir)) return
      const { token } = this.options
      if (token === null) throw new Error('This node has not joined yet and there is no join token.')
      try {
        await enrolNode(this.#agentOptions(), token)
        return
      } catch (error) {
        if (!(error instanceof EnrolError) || error.refusal.fatal) throw error
        this.#problem = error.message
        await this.options.clock.sleep(RETRY_MS * (1 + this.options.clock.random()), signal)
      }
    }
  }

  get #agentDir(): string {
    return join(this.options.dir, 'agent')
  }

  #agentOptions(): AgentOptions {
    const { node, gatewayUrl, log, clock, dir } = this.options
    return {
      gatewayUrl,
      stateDir: this.#agentDir,
      driver: simDriver(this.machine, () => clock.now()),
      runtimes: [this.runtime],
      dataRoots: [DATA_ROOT, ...this.options.network.folders],
      labels: node.labels,
      name: node.name,
      log,
      clock,
      pathRoot: join(dir, 'fs'),
    }
  }
}
