import { join } from 'node:path'
import * as z from 'zod'
import { renameSync, writeFileSync } from 'node:fs'
import { readJsonFile } from './shared/json-file'

/** What is kept of one simulated replica: enough to find its process again, or to say how it ended. */
export const simRecord = z.object({
  key: z.object({ replicaId: z.string(), generation: z.number().int(), workloadName: z.string() }),
  owner: z.string(),
  image: z.string(),
  gpuUuids: z.array(z.string()),
  /** Raised when the machine wakes and the process is started again: a process of an older attempt has no claim. */
  attempt: z.number().int().min(1),
  createdAtMs: z.number(),
  startedAtMs: z.number().nullable(),
  /** The command, where the machine's own program does it. */
  native: z.array(z.string()).default([]),
  stopAsked: z.boolean(),
  /** The simulated machine was put to sleep: on waking the process goes on. */
  suspended: z.boolean(),
  end: z
    .object({
      atMs: z.number(),
      exitCode: z.number().int().nullable(),
      oomKilled: z.boolean().nullable(),
      reason: z.object({ code: z.string(), message: z.string() }).nullable(),
    })
    .nullable(),
})
export type SimRecord = z.infer<typeof simRecord>

export const recordFile = (dir: string): string => join(dir, 'record.json')
export const readRecord = (dir: string): SimRecord | null => readJsonFile(recordFile(dir), simRecord)
export const writeRecord = (dir: string, record: SimRecord): void => writeWhole(recordFile(dir), record)

/** All or nothing for every reader. Not synced: with the power a simulated machine loses its processes anyway. */
export function writeWhole(file: string, value: unknown): void {
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, JSON.stringify(value), { mode: 0o600 })
  renameSync(temporary, file)
}
