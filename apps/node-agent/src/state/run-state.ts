import { join } from 'node:path'
import * as z from 'zod'
import { readJson, writeJson } from './atomic-file'

/** What the running agent says of itself, for `status` and for `join` that waits for it. */
const runStateFile = z.object({
  pid: z.number().int(),
  startedAtMs: z.number(),
  online: z.boolean(),
  /** Since when it is online or offline. */
  sinceMs: z.number(),
  /** Why it ended for good; null while it runs. */
  ending: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type RunState = z.infer<typeof runStateFile>

const path = (stateDir: string) => join(stateDir, 'run.json')
export const loadRunState = (stateDir: string): Promise<RunState | null> =>
  readJson(path(stateDir), runStateFile).catch(() => null)
export const saveRunState = (stateDir: string, state: RunState): Promise<void> =>
  writeJson(path(stateDir), state, false)
