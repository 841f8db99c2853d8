import { readdirSync, readFileSync } from 'node:fs'
import type { ProcessIdentity } from './process-files'

interface ProcStat {
  pid: number
  state: string
  session: number
  startTicks: string
}

let knownBootId: string | undefined

export function currentBootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return knownBootId
}

/** null when there is no such process. The name in parentheses may hold spaces and parentheses: fields count from the last one. */
export function readStat(pid: number): ProcStat | null {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return null
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, session, startTicks] = [fields[0], fields[3], fields[19]]
  return state && session && startTicks ? { pid, state, session: Number(session), startTicks } : null
}

const isDead = (stat: ProcStat) => stat.state === 'Z' || stat.state === 'X'

export function identify(pid: number): ProcessIdentity | null {
  const stat = readStat(pid)
  return stat && !isDead(stat) ? { pid, startTicks: stat.startTicks, bootId: currentBootId() } : null
}

/** Lives exactly this process, not another one that was given its pid? A zombie counts as dead. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.bootId !== currentBootId()) return false
  const stat = readStat(identity.pid)
  return stat !== null && !isDead(stat) && stat.startTicks === identity.startTicks
}

export function livingProcesses(): ProcStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)))
    .filter((stat): stat is ProcStat => stat !== null && !isDead(stat))
}

/** The environment a process was started with; empty where it may not be read. */
export function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}
