import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import * as z from 'zod'
import { claimName, startTicksOf } from '../sim/child/process-files'
import { readJsonFile } from './shared/json-file'

const claim = z.object({ pid: z.number().int(), startTicks: z.string().nullable() })
export type ProcessClaim = z.infer<typeof claim>

/** Small heaps: a dozen of these run beside each other on a laptop. */
const NODE_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=64', '--no-warnings']

/** How to run a simulated process: this very agent file with another first word, so that nothing else must be installed. */
export const simProcessCommand = (agentFile: string): string[] => [
  process.execPath,
  ...NODE_FLAGS,
  agentFile,
  'sim-run',
]

/** Starts the process of a replica's folder in a session of its own: it outlives the agent. */
export function spawnSimProcess(command: readonly string[], dir: string, replicaId: string): ChildProcess {
  const [file = process.execPath, ...args] = command
  return spawn(file, [...args, dir], {
    cwd: dir,
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env.PATH ?? '', CLAWBERNETES_REPLICA_ID: replicaId },
  })
}

/** Who holds the work of this attempt; null: nobody yet. */
export const readClaim = (dir: string, attempt: number): ProcessClaim | null =>
  readJsonFile(join(dir, claimName(attempt)), claim)

/** Lives exactly this process, not another one that was given its pid? */
export function isAlive(held: ProcessClaim): boolean {
  try {
    process.kill(held.pid, 0)
  } catch (error) {
    // EPERM: somebody else's process has the number now.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH' && (error as NodeJS.ErrnoException).code !== 'EPERM'
  }
  return held.startTicks === null || startTicksOf(held.pid) === held.startTicks
}

/** Signals the process's whole group; false when it is gone. */
export function signalGroup(held: ProcessClaim, signal: NodeJS.Signals): boolean {
  if (!isAlive(held)) return false
  try {
    process.kill(-held.pid, signal)
    return true
  } catch {
    return false
  }
}
