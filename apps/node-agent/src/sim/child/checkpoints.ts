import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'

/** Present in a checkpoint only after all of it is on disk. */
export const COMPLETE_MARKER = '.complete'
const NAME = /^checkpoint-(\d+)$/

export interface CheckpointState {
  step: number
  epoch: number
  loss: number
  wallTime: string
}

interface Part {
  name: string
  /** Apparent size: the files are sparse, only the head is real. */
  sizeMib: number
}

/**
 * Writes a checkpoint as a careful trainer does: into a folder of another name, synced, renamed, marked complete. A
 * process killed at any moment leaves the older ones as they were.
 */
export function writeCheckpoint(dir: string, state: CheckpointState, parts: readonly Part[]): string {
  const name = `checkpoint-${state.step}`
  const final = join(dir, name)
  const temp = join(dir, `.tmp-${name}-${process.pid}`)
  mkdirSync(dir, { recursive: true })
  rmSync(temp, { recursive: true, force: true })
  mkdirSync(temp)
  for (const part of parts)
    writeSynced(join(temp, part.name), `simulated ${part.name} of step ${state.step}\n`, part.sizeMib)
  writeSynced(
    join(temp, 'trainer_state.json'),
    `${JSON.stringify({ global_step: state.step, epoch: state.epoch, loss: state.loss, wall_time: state.wallTime }, null, 2)}\n`,
    0,
  )
  syncFolder(temp)
  rmSync(final, { recursive: true, force: true })
  renameSync(temp, final)
  writeSynced(join(final, COMPLETE_MARKER), `${state.step}\n`, 0)
  syncFolder(final)
  syncFolder(dir)
  return final
}

/** Newest checkpoint that is complete and can be read; `skipped` names newer ones that are not. */
export function newestCheckpoint(dir: string): { step: number; name: string; skipped: string[] } | null {
  const skipped: string[] = []
  for (const step of stepsIn(dir)) {
    const name = `checkpoint-${step}`
    if (existsSync(join(dir, name, COMPLETE_MARKER)) && readStep(join(dir, name)) === step)
      return { step, name, skipped }
    skipped.push(name)
  }
  return null
}

/** One checkpoint by its folder; null: it is not there, or not complete. */
export function checkpointAt(path: string): ReturnType<typeof newestCheckpoint> {
  const name = basename(path)
  const step = NAME.exec(name)?.[1]
  const isWhole = step !== undefined && existsSync(join(path, COMPLETE_MARKER)) && readStep(path) === Number(step)
  return isWhole ? { step: Number(step), name, skipped: [] } : null
}

/** Keeps the last `keepLast` and every one whose step is a multiple of `keepEvery`; also clears what a killed process left half-written. */
export function pruneCheckpoints(dir: string, keepLast: number, keepEvery: number): void {
  for (const step of stepsIn(dir).slice(keepLast)) {
    if (keepEvery > 0 && step % keepEvery === 0) continue
    rmSync(join(dir, `checkpoint-${step}`), { recursive: true, force: true })
  }
  for (const name of readdirSync(dir))
    if (name.startsWith('.tmp-checkpoint-')) rmSync(join(dir, name), { recursive: true, force: true })
}

function stepsIn(dir: string): number[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a)
}

function readStep(dir: string): number | null {
  try {
    const state = JSON.parse(readFileSync(join(dir, 'trainer_state.json'), 'utf8')) as { global_step?: unknown }
    return typeof state.global_step === 'number' ? state.global_step : null
  } catch {
    return null
  }
}

function writeSynced(path: string, text: string, sizeMib: number): void {
  const fd = openSync(path, 'w', 0o644)
  try {
    writeSync(fd, text)
    if (sizeMib > 0) ftruncateSync(fd, Math.round(sizeMib * 1024 * 1024))
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
