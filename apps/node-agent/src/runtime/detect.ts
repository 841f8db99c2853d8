import path from 'node:path'
import type { AgentLog } from '../agent-log'
import { ProcessRuntime } from './process/process-runtime'
import type { Runtime } from './runtime'

export interface DetectOptions {
  stateDir: string
  /** The node's id: what another agent on the same machine started is left alone. */
  owner: string
  log: AgentLog
  /** How other machines reach this one; ports are published there when it is an address of this machine. */
  address?: string | null
  /** The argv that runs `supervise`; by default this very program. */
  supervisor?: string[]
}

/** What this machine can run, at most one runtime of each kind. */
export async function detectRuntimes(options: DetectOptions): Promise<Runtime[]> {
  const { stateDir, owner } = options
  const address = options.address ?? null
  const runtimes: Runtime[] = []
  if (process.platform === 'linux') {
    runtimes.push(new ProcessRuntime({ stateDir, owner, supervisor: options.supervisor ?? ownSupervisor(), address }))
  }
  return runtimes
}

/** This program again, started the same way: a bundle as it is, sources through their loader. */
function ownSupervisor(): string[] {
  const flags = process.execArgv.filter((flag) => !flag.startsWith('--inspect'))
  return [process.execPath, ...flags, path.resolve(process.argv[1] ?? ''), 'supervise']
}
