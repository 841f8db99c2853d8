import { constants } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type * as z from 'zod'

let counter = 0

/**
 * Replaces a file so that after a crash at any moment it holds the old or the new content, never a part.
 * @param durable false skips the fsyncs: for cursors whose loss only repeats work.
 */
export async function writeFileAtomic(path: string, content: string, durable = true): Promise<void> {
  const temp = `${path}.${process.pid}.${++counter}.tmp`
  const file = await open(temp, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    await file.writeFile(content)
    if (durable) await file.sync()
  } finally {
    await file.close()
  }
  try {
    await rename(temp, path)
  } catch (error) {
    await rm(temp, { force: true })
    throw error
  }
  if (durable) await syncFolder(dirname(path))
}

/** Without it a rename may be lost with the power although the file's content is safe. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export const writeJson = (path: string, value: unknown, durable = true): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(value)}\n`, durable)

/** A journal that is there but cannot be read: going on without it could start things twice. */
export class DamagedStateError extends Error {
  constructor(path: string, why: string) {
    super(`The state file ${path} is damaged (${why}). Restore it, or remove the state folder and join again.`)
  }
}

/** Reads and checks a file; null when there is none. */
export async function readJson<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T> | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new DamagedStateError(path, 'not JSON')
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new DamagedStateError(path, parsed.error.issues[0]?.message ?? 'unexpected content')
  return parsed.data
}

/** A folder only its owner can look into. */
export const privateFolder = (path: string): Promise<string | undefined> =>
  mkdir(path, { recursive: true, mode: 0o700 })
