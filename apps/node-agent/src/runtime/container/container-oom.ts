import { readFileSync } from 'node:fs'
import path from 'node:path'
import type Docker from 'dockerode'
import { oomKillsIn } from '../process/cgroups'
import { kernelToldOom } from '../shared/kernel-oom'
import type { Engine } from './engine'

const SIGKILL_EXIT = 137

/** The memory cgroup that holds a process, on v1 and v2; null when it cannot be found. */
export function memoryCgroupOf(pid: number): string | null {
  let lines: string[]
  try {
    lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n')
  } catch {
    return null
  }
  const v1 = lines.find((line) => /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:/.test(line))
  if (v1) return path.join('/sys/fs/cgroup/memory', v1.slice(v1.indexOf(':', v1.indexOf(':') + 1) + 1))
  const v2 = lines.find((line) => line.startsWith('0::'))
  return v2 ? path.join('/sys/fs/cgroup', v2.slice('0::'.length)) : null
}

/** The kernel's own count, for engines that do not tell; read while the container lives, the count goes with it. */
export const oomKillCounted = (cgroup: string | null): boolean => cgroup !== null && (oomKillsIn([cgroup]) ?? 0) > 0

/** Was something in this ended container killed for memory? The engine's word, what was counted, the kernel's log; null: nobody can tell. */
export function oomVerdict(engine: Engine, info: Docker.ContainerInspectInfo, seen: boolean): boolean | null {
  if (info.State.OOMKilled || seen) return true
  const killed = info.State.ExitCode === SIGKILL_EXIT
  if (engine.tellsOom && !killed) return false
  const told = kernelToldOom(info.Id)
  return told ?? (engine.tellsOom ? false : null)
}
