import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface CheckpointFile {
  step: number
  path: string
  sizeBytes: number
  mtimeMs: number
}

/** step-1200, step_1200, checkpoint-1200 (Hugging Face), global_step1200 (DeepSpeed), epoch=0-step=1200.ckpt (Lightning), iter_0001200 (Megatron). */
const STEP = /(?:^|[^a-z])(?:global_?)?(?:step|checkpoint|ckpt|iter)[-_=]?(\d{1,12})(?!\d)/i
const UNFINISHED = /\.(?:tmp|temp|partial|incomplete|part)(?:$|[.-])|^\.|^tmp[-_.]/i
const COMPLETE = '.complete'

/**
 * The newest checkpoint in a folder that is completely written: named by its step, not under a temporary name, not empty,
 * and carrying the `.complete` mark where its neighbours carry one. null: there is none.
 */
export async function newestCheckpoint(folder: string): Promise<CheckpointFile | null> {
  const names = await readdir(folder).catch((): string[] => [])
  const found: (CheckpointFile & { marked: boolean })[] = []
  for (const name of names) {
    const step = STEP.exec(name)?.[1]
    if (step === undefined || UNFINISHED.test(name) || name.endsWith(COMPLETE)) continue
    const seen = await look(join(folder, name))
    if (seen && seen.sizeBytes > 0)
      found.push({ ...seen, step: Number(step), marked: seen.marked || names.includes(`${name}${COMPLETE}`) })
  }
  const marksInUse = found.some((checkpoint) => checkpoint.marked)
  const [newest] = found
    .filter((checkpoint) => checkpoint.marked || !marksInUse)
    .sort((a, b) => b.step - a.step || b.mtimeMs - a.mtimeMs)
  return newest ? { step: newest.step, path: newest.path, sizeBytes: newest.sizeBytes, mtimeMs: newest.mtimeMs } : null
}

/** A file, or a folder with what lies directly in it. null: being written, or gone again. */
async function look(
  path: string,
): Promise<{ path: string; sizeBytes: number; mtimeMs: number; marked: boolean } | null> {
  try {
    const own = await stat(path)
    if (!own.isDirectory()) return { path, sizeBytes: own.size, mtimeMs: own.mtimeMs, marked: false }
    const names = await readdir(path)
    if (names.some((name) => name !== COMPLETE && UNFINISHED.test(name))) return null
    const parts = await Promise.all(names.map((name) => stat(join(path, name))))
    const sizeBytes = parts.reduce((sum, part) => sum + part.size, 0)
    return {
      path,
      sizeBytes,
      mtimeMs: Math.max(own.mtimeMs, ...parts.map((part) => part.mtimeMs)),
      marked: names.includes(COMPLETE),
    }
  } catch {
    return null
  }
}
