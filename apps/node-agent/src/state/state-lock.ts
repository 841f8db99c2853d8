import { readFileSync, rmSync } from 'node:fs'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Another agent uses this state folder: two of them would start every replica twice. */
export class StateInUseError extends Error {
  constructor(stateDir: string, pid: number) {
    super(`Another node agent (process ${pid}) already uses ${stateDir}.`)
  }
}

const held = new Set<string>()

/**
 * Takes the state folder for this agent. A lock left by a process that is gone is taken over; the start time in it keeps
 * a reused process number from looking like the old owner.
 */
export async function lockState(stateDir: string): Promise<() => void> {
  const path = join(stateDir, 'agent.lock')
  if (held.has(path)) throw new StateInUseError(stateDir, process.pid)
  const mine = `${process.pid} ${startTicks(process.pid) ?? 0}\n`
  const temp = `${path}.${process.pid}`
  await writeFile(temp, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      // link() fails when the name exists and is atomic, so two agents that start together cannot both get it.
      try {
        await link(temp, path)
        held.add(path)
        return () => {
          held.delete(path)
          rmSync(path, { force: true })
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const owner = await liveOwner(path)
      if (owner !== null) throw new StateInUseError(stateDir, owner)
      await bury(path, stateDir)
    }
    throw new Error(`The lock ${path} cannot be taken.`)
  } finally {
    await rm(temp, { force: true })
  }
}

/** Removes a lock nobody holds. Moved away first and looked at again: another agent may have taken it in between. */
async function bury(path: string, stateDir: string): Promise<void> {
  const grave = `${path}.stale.${process.pid}`
  try {
    await rename(path, grave)
  } catch {
    return
  }
  const owner = await liveOwner(grave)
  if (owner !== null) await link(grave, path).catch(() => {})
  await rm(grave, { force: true })
  if (owner !== null) throw new StateInUseError(stateDir, owner)
}

/** Process number of the agent that holds the folder; null when none does. */
export async function liveOwner(lockPath: string): Promise<number | null> {
  let text: string
  try {
    text = await readFile(lockPath, 'utf8')
  } catch {
    return null
  }
  const [pid, ticks] = text.trim().split(' ').map(Number)
  if (!pid || pid === process.pid) return null
  const now = startTicks(pid)
  return now !== null && (ticks === 0 || ticks === now) ? pid : null
}

/** Start time of a live process in clock ticks since boot (field 22 of /proc/<pid>/stat); null: no such process. */
function startTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? null : Number(rest[18])
  } catch {
    try {
      process.kill(pid, 0)
      return 0
    } catch {
      return null
    }
  }
}
