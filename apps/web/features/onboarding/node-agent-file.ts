import 'server-only'
import { readFile, stat } from 'node:fs/promises'

/** The node agent that this installation gives to machines: one file, with its checksum beside it. */
export const AGENT_FILE_NAME = 'clawbernetes-node.mjs'

function agentPath(): string {
  const path = process.env.NODE_AGENT_FILE
  if (!path)
    throw new Error(
      'NODE_AGENT_FILE is not set. Start with `npm start`, which builds the node agent and says where it is.',
    )
  return path
}

let cached: { mtimeMs: number; content: Buffer<ArrayBuffer>; sha256: string } | null = null

/** Read once per build of the file; the checksum is the one that was written when it was built. */
export async function nodeAgentFile(): Promise<{ content: Buffer<ArrayBuffer>; sha256: string }> {
  const path = agentPath()
  const { mtimeMs } = await stat(path)
  if (cached?.mtimeMs === mtimeMs) return cached
  const content = await readFile(path)
  const [sha256 = ''] = (await readFile(`${path}.sha256`, 'utf8')).split(/\s+/)
  cached = { mtimeMs, content, sha256 }
  return cached
}
