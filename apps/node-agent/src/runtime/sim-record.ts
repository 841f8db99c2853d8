import { join } from 'node:path'
import * as z from 'zod'
import { readJsonFile, writeJsonFile } from './shared/json-file'

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
export const writeRecord = (dir: string, record: SimRecord): void => writeJsonFile(recordFile(dir), record)
