import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { privateFolder, readJson, writeJson } from '../state/atomic-file'
import type { SeqFloor } from '../state/seq-floor'

/**
 * How far a replica's output is stored. Lines are found again by time: those at `atMs` beyond the first `linesAtMs` are
 * new. `generation` tells which run of the replica the place belongs to; `seq` goes on across them.
 */
export const logCursor = z.object({
  generation: z.number().int(),
  nextSeq: z.number().int().min(0),
  atMs: z.number().nullable(),
  linesAtMs: z.number().int().min(0),
})
export type LogCursor = z.infer<typeof logCursor>

export interface LogCursors {
  load(replicaId: string): Promise<LogCursor | null>
  /** Not synced to the disk: a cursor that is behind only sends lines again that the gateway knows by their number. */
  save(replicaId: string, cursor: LogCursor): Promise<void>
  /** @param nextSeq the first number that was not used */
  forget(replicaId: string, nextSeq: number): Promise<void>
  /** Where the numbers of a replica that is new here begin. */
  readonly firstSeq: number
}

export async function openLogCursors(stateDir: string, floor: SeqFloor): Promise<LogCursors> {
  const folder = join(stateDir, 'logs')
  await privateFolder(folder)
  for (const name of await readdir(folder)) if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true })
  const pathOf = (replicaId: string) => join(folder, `${encodeURIComponent(replicaId)}.json`)
  return {
    load: (replicaId) => readJson(pathOf(replicaId), logCursor).catch(() => null),
    save: (replicaId, cursor) => writeJson(pathOf(replicaId), cursor, false),
    async forget(replicaId, nextSeq) {
      await floor.raise('log', nextSeq - 1)
      await rm(pathOf(replicaId), { force: true })
    },
    get firstSeq() {
      return floor.log
    },
  }
}
