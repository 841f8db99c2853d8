import * as z from 'zod'
import type { SystemCtx } from '../context'

/** How long a program is taken to remember what it read. */
const REMEMBERED_MS = 12 * 3600 * 1000
const MAX_SOURCES = 20
const stored = z.array(z.object({ source: z.string(), atMs: z.number() })).catch([])

/**
 * Another agent remembers what it read between calls, and we cannot see how long. So a key that read text of machines or strangers
 * is marked, and what it proposes in the hours after that carries the sources on its card.
 */
export async function noteUntrusted(sys: SystemCtx, input: { apiKeyId: string; source: string }): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from "api_key" where id = ${input.apiKeyId} for update`
    const row = await tx.apiKey.findUnique({ where: { id: input.apiKeyId }, select: { untrusted: true } })
    if (!row) return
    const others = stored.parse(row.untrusted).filter((one) => one.source !== input.source)
    const next = [{ source: input.source, atMs: sys.now().getTime() }, ...others].slice(0, MAX_SOURCES)
    await tx.apiKey.update({ where: { id: input.apiKeyId }, data: { untrusted: next } })
  })
}

/** Sources of untrusted text that this key read lately, newest first. */
export async function untrustedOfKey(sys: SystemCtx, input: { apiKeyId: string }): Promise<string[]> {
  const row = await sys.db.apiKey.findUnique({ where: { id: input.apiKeyId }, select: { untrusted: true } })
  const since = sys.now().getTime() - REMEMBERED_MS
  return stored
    .parse(row?.untrusted ?? [])
    .filter((one) => one.atMs >= since)
    .map((one) => one.source)
}
