import 'server-only'
import { readFile, stat } from 'node:fs/promises'

/** The claw command that this installation gives to people: one file, with its checksum beside it. */
export const CLAW_FILE_NAME = 'claw.mjs'

let cached: { mtimeMs: number; content: Buffer<ArrayBuffer>; sha256: string } | null = null

/** Read once per build of the file; null: this installation has none built. */
export async function clawFile(): Promise<{ content: Buffer<ArrayBuffer>; sha256: string } | null> {
  const path = process.env.CLAW_FILE
  if (!path) return null
  try {
    const { mtimeMs } = await stat(path)
    if (cached?.mtimeMs === mtimeMs) return cached
    const [sha256 = ''] = (await readFile(`${path}.sha256`, 'utf8')).split(/\s+/)
    cached = { mtimeMs, content: await readFile(path), sha256 }
    return cached
  } catch {
    return null
  }
}
