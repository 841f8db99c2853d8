import { readFileSync } from 'node:fs'

const MARK = 'CLAWBERNETES_REPLICA_ID='
const MAX_ANCESTORS = 12

/**
 * The replica a process belongs to, by the variable that every replica starts with; a child that cleaned its environment
 * is found through its parents. null: not one of ours, gone, or not readable by this user.
 */
export function replicaOfProcess(pid: number, procRoot = '/proc'): string | null {
  let current = pid
  for (let i = 0; i < MAX_ANCESTORS && current > 1; i++) {
    const mark = readText(`${procRoot}/${current}/environ`)
      ?.split('\0')
      .find((entry) => entry.startsWith(MARK))
    if (mark) return mark.slice(MARK.length, MARK.length + 40) || null
    const stat = readText(`${procRoot}/${current}/stat`)
    if (!stat) return null
    current = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    if (!Number.isInteger(current)) return null
  }
  return null
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
