import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const PROBE_MIB = 16
const known = new Map<string, boolean>()

/** Does the disk below `folder` keep a hole as a hole? Where it writes zeros instead, large files would fill it. */
export function keepsHoles(folder: string): boolean {
  const before = known.get(folder)
  if (before !== undefined) return before
  const probe = join(folder, `.holes.${process.pid}`)
  const fd = openSync(probe, 'w', 0o600)
  try {
    ftruncateSync(fd, PROBE_MIB * 1024 * 1024)
    const answer = fstatSync(fd).blocks * 512 < (PROBE_MIB * 1024 * 1024) / 4
    known.set(folder, answer)
    return answer
  } finally {
    closeSync(fd)
    rmSync(probe, { force: true })
  }
}

/** Makes a file of an apparent size unless it is there. */
export function makeSparse(path: string, sizeMib: number): void {
  if (existsSync(path)) return
  const fd = openSync(path, 'w', 0o644)
  try {
    ftruncateSync(fd, sizeMib * 1024 * 1024)
  } finally {
    closeSync(fd)
  }
}
