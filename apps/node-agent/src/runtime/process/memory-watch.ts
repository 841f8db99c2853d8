import { readFileSync } from 'node:fs'

const POLL_MS = 500

/**
 * The memory limit where cgroups cannot be used: adds up what the processes hold and calls `onExceeded` once when it is
 * too much. The quick sum counts shared pages several times, so it only says when to take the exact one.
 */
export function watchMemory(
  members: () => number[],
  limitMib: number,
  onExceeded: (usedMib: number) => void,
): () => void {
  const timer = setInterval(() => {
    const pids = members()
    if (sumKib(pids, 'status', /^(?:RssAnon|RssShmem):\s+(\d+) kB$/gm) <= limitMib * 1024) return
    const usedKib = sumKib(pids, 'smaps_rollup', /^Pss_(?:Anon|Shmem):\s+(\d+) kB$/gm)
    if (usedKib <= limitMib * 1024) return
    clearInterval(timer)
    onExceeded(Math.round(usedKib / 1024))
  }, POLL_MS)
  return () => clearInterval(timer)
}

function sumKib(pids: number[], file: string, pattern: RegExp): number {
  let total = 0
  for (const pid of pids) {
    for (const match of readText(`/proc/${pid}/${file}`).matchAll(pattern)) total += Number(match[1])
  }
  return total
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
