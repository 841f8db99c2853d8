import type { AgentLog } from './agent-log'
import type { Clock } from './clock'
import type { MachineDriver } from './machine/machine-driver'
import type { Runtime } from './runtime/runtime'

/** Everything one agent needs. Several agents may live in one process (the simulated fleet): nothing here is global. */
export interface AgentOptions {
  /** Where the gateway answers, e.g. "http://control:3001". */
  gatewayUrl: string
  /** Holds the key and the journals; belongs to this agent alone. */
  stateDir: string
  driver: MachineDriver
  runtimes: Runtime[]
  /** Absolute folders under which workloads may mount paths. */
  dataRoots: string[]
  labels: Record<string, string>
  /** Suggested node name; the gateway makes it unique. */
  name: string
  log: AgentLog
  clock?: Clock
  /** Overrides the sampling interval that the gateway gives. */
  intervalMs?: number
  /** How other nodes reach this one; null: not known. */
  address?: string | null
  /**
   * Folder in which the node's absolute paths live; "/" on a real machine. A simulated node keeps its /data under its
   * own folder: a mount of /data/x is then checked, created and given to the runtime as <pathRoot>/data/x.
   */
  pathRoot?: string
}

/** Why an agent ended by itself: the gateway refused it for good. */
export interface AgentEnding {
  code: string
  message: string
}

export interface Agent {
  readonly nodeId: string
  /** True while the gateway has welcomed this agent and the connection lives. */
  online(): boolean
  /** Resolves when the agent ended: null after stop(), otherwise the refusal that ended it. */
  readonly ended: Promise<AgentEnding | null>
  /** Disconnects and stops every loop. What runs on the machine goes on running. */
  stop(): Promise<void>
}
