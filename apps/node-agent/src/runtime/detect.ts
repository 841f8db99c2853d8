import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { AgentLog } from '../agent-log'
import { ContainerRuntime } from './container/container-runtime'
import { connectEngine, type Engine, engineFacts, engineSockets, openEngine, unixSocketOf } from './container/engine'
import { ProcessRuntime } from './process/process-runtime'
import type { Runtime } from './runtime'
import { readJsonFile, writeJsonFile } from './shared/json-file'

export interface DetectOptions {
  stateDir: string
  /** The node's id: what another agent on the same machine started is left alone. */
  owner: string
  log: AgentLog
  /** How other machines reach this one; ports are published there when it is an address of this machine. */
  address?: string | null
  /** The argv that runs `supervise`; by default this very program. */
  supervisor?: string[]
  /** docker, podman, none, or unix:///path/of.sock; by default CLAWBERNETES_CONTAINER_ENGINE, else what is found. */
  engine?: string
  env?: NodeJS.ProcessEnv
}

/** What this machine can run, at most one runtime of each kind. */
export async function detectRuntimes(options: DetectOptions): Promise<Runtime[]> {
  const { stateDir, owner, log } = options
  const address = options.address ?? null
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const runtimes: Runtime[] = []
  const engine = await chooseEngine(options)
  if (engine) runtimes.push(new ContainerRuntime({ engine, stateDir, owner, address, log }))
  if (process.platform === 'linux') {
    runtimes.push(new ProcessRuntime({ stateDir, owner, supervisor: options.supervisor ?? ownSupervisor(), address }))
  }
  return runtimes
}

/**
 * One engine, and the same one after every restart: with the other one, what runs in the first would be out of sight
 * and be started a second time. Where several answer, Docker comes first unless the environment says otherwise.
 */
async function chooseEngine({ stateDir, log, engine, env = process.env }: DetectOptions): Promise<Engine | null> {
  const wish = engine ?? env['CLAWBERNETES_CONTAINER_ENGINE'] ?? ''
  if (wish === 'none') return null
  const file = path.join(stateDir, 'container-engine.json')
  const last = wish ? null : readJsonFile(file, engineFacts)
  if (last) {
    const again = await connectEngine(last.socketPath)
    if (again) return again
    log.warn(`The container engine at ${last.socketPath} does not answer yet; containers wait for it.`)
    return openEngine(last)
  }
  const socket = unixSocketOf(wish)
  const candidates = socket ? [socket] : engineSockets(env, process.getuid?.() ?? 0)
  const found: Engine[] = []
  for (const socketPath of candidates) {
    const answered = await connectEngine(socketPath)
    if (answered && (socket || wish === '' || answered.kind === wish)) found.push(answered)
  }
  const chosen = found[0] ?? null
  if (!chosen) {
    if (wish) log.warn(`No container engine answers for "${wish}".`)
    return null
  }
  writeJsonFile(file, engineFacts.parse(chosen))
  const others = found.slice(1).map((other) => `${other.kind} ${other.version}`)
  log.info(
    `Containers run in ${chosen.kind} ${chosen.version}${others.length > 0 ? `; ${others.join(', ')} would be there too` : ''}.`,
  )
  return chosen
}

/** This program again, started the same way: a bundle as it is, sources through their loader. */
function ownSupervisor(): string[] {
  const flags = process.execArgv.filter((flag) => !flag.startsWith('--inspect'))
  return [process.execPath, ...flags, path.resolve(process.argv[1] ?? ''), 'supervise']
}
