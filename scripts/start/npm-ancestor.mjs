import { readFileSync } from 'node:fs'

const CHECK_MS = 1_000
const MOST_LEVELS = 3

/**
 * Calls `onGone` when the npm that runs this script dies without handing a signal on (kill -9): a start from one of
 * npm's scripts has no reason to outlive it. Between npm and us there may be a shell. Linux only; elsewhere nothing.
 * @param {() => void} onGone
 */
export function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return
  const chain = chainToNpm()
  if (!chain) return
  const timer = setInterval(() => {
    if (chain.every(([pid, parent]) => parentOf(pid) === parent)) return
    clearInterval(timer)
    onGone()
  }, CHECK_MS)
  timer.unref()
}

/** Pairs of a process and its parent, from this one up to npm; undefined when npm is not among the ancestors. */
function chainToNpm() {
  const chain = []
  for (let pid = process.pid; chain.length < MOST_LEVELS; ) {
    const parent = parentOf(pid)
    if (!parent) return undefined
    chain.push([pid, parent])
    if (nameOf(parent).startsWith('npm')) return chain
    pid = parent
  }
  return undefined
}

function parentOf(pid) {
  const status = read(`/proc/${pid}/status`)
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0)
}

const nameOf = (pid) => read(`/proc/${pid}/comm`)

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
