import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ReplicaKey } from '../runtime'
import type { ProcessChild } from './process-files'
import { environmentOf, isAlive, livingProcesses } from './proc-table'

export const REPLICA_VARIABLE = 'CLAWBERNETES_REPLICA_ID'
export const GENERATION_VARIABLE = 'CLAWBERNETES_GENERATION'

/** Inherited by everything the replica starts, so that what left its session is found too. */
export const membershipEnv = (key: Pick<ReplicaKey, 'replicaId' | 'generation'>): Record<string, string> => ({
  [REPLICA_VARIABLE]: key.replicaId,
  [GENERATION_VARIABLE]: String(key.generation),
})

/**
 * Every living process of a replica: those in its cgroups, in the session of its main process while that lives (later
 * the number may belong to somebody else), and those that carry its mark in their environment.
 */
export function membersOf(key: ReplicaKey, child: ProcessChild | null): number[] {
  const marks = Object.entries(membershipEnv(key)).map(([name, value]) => `${name}=${value}`)
  const grouped = new Set(child?.cgroups.flatMap(pidsIn) ?? [])
  const session = child && isAlive(child.identity) ? child.identity.pid : null
  return livingProcesses()
    .filter(({ pid }) => pid !== process.pid)
    .filter((stat) => grouped.has(stat.pid) || stat.session === session || carries(stat.pid, marks))
    .map((stat) => stat.pid)
}

function carries(pid: number, marks: string[]): boolean {
  const environment = environmentOf(pid)
  return marks.every((mark) => environment.includes(mark))
}

function pidsIn(cgroup: string): number[] {
  try {
    return readFileSync(path.join(cgroup, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Sends the signal to each; one that has just ended, or that may not be signalled, is passed over. Returns how many got it. */
export function signalAll(pids: number[], signal: NodeJS.Signals): number {
  let reached = 0
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
      reached += 1
    } catch {
      // ESRCH: gone already. EPERM: it changed its user; the caller sees that it lives on.
    }
  }
  return reached
}
