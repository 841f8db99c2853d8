import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { startAgent } from '../agent'
import { reasonOf, streamLog } from '../agent-log'
import { detectDriver } from '../machine/detect'
import { detectRuntimes } from '../runtime/detect'
import { DamagedStateError } from '../state/atomic-file'
import { loadIdentity } from '../state/identity'
import { type RunState, saveRunState } from '../state/run-state'
import { loadSettings } from '../state/settings'
import { commonArguments } from './arguments'

/** A service manager must not start it again: somebody has to act first (EX_CONFIG of sysexits). */
export const EXIT_REFUSED = 78
const LOOK_MS = 500

/** `run`: the agent in the foreground until it is told to stop or the gateway refuses it for good. */
export async function run(argv: string[]): Promise<number> {
  const { stateDir } = commonArguments(argv)
  const log = streamLog(process.stdout)
  const identity = await loadIdentity(stateDir)
  const settings = await loadSettings(stateDir)
  if (!identity || !settings) {
    process.stderr.write(`${stateDir} holds no node. Join first: clawbernetes-node join --server URL --token TOKEN\n`)
    return EXIT_REFUSED
  }
  for (const root of settings.dataRoots)
    await mkdir(root, { recursive: true }).catch((error: unknown) =>
      log.warn(`The data root ${root} cannot be made: ${reasonOf(error)}`),
    )
  const driver = await detectDriver(stateDir, settings.dataRoots.find((root) => existsSync(root)) ?? '/')
  const runtimes = await detectRuntimes({ stateDir, owner: identity.nodeId, log, address: settings.address })
  log.info(
    `Node ${identity.name} (${identity.nodeId}) of ${identity.organization}; machine driver: ${driver.kind}; runtimes: ${runtimes.map((r) => r.kind).join(', ') || 'none'}.`,
  )
  let agent: Awaited<ReturnType<typeof startAgent>>
  try {
    agent = await startAgent({ ...settings, gatewayUrl: identity.gatewayUrl, stateDir, driver, runtimes, log })
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`)
    return error instanceof DamagedStateError ? EXIT_REFUSED : 1
  }
  const state: RunState = {
    pid: process.pid,
    startedAtMs: Date.now(),
    online: false,
    sinceMs: Date.now(),
    ending: null,
  }
  await saveRunState(stateDir, state)
  const watch = setInterval(() => {
    if (agent.online() === state.online) return
    Object.assign(state, { online: agent.online(), sinceMs: Date.now() })
    saveRunState(stateDir, state).catch((error: unknown) => log.warn(`The state was not kept: ${reasonOf(error)}`))
  }, LOOK_MS)
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      log.info(`${signal}: stopping. What runs on this machine goes on running.`)
      void agent.stop()
    })
  const ending = await agent.ended
  clearInterval(watch)
  await saveRunState(stateDir, { ...state, online: false, sinceMs: Date.now(), ending })
  if (!ending) return 0
  process.stderr.write(`The gateway does not take this node: ${ending.message}\n`)
  return EXIT_REFUSED
}
