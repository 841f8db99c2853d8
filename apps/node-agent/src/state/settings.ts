import { homedir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { readJson, writeJson } from './atomic-file'

/** What `join` was told and `run` needs again. */
const settingsFile = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  dataRoots: z.array(z.string()),
  address: z.string().nullable(),
})
export type Settings = z.infer<typeof settingsFile>

const settingsPath = (stateDir: string) => join(stateDir, 'settings.json')
export const loadSettings = (stateDir: string): Promise<Settings | null> =>
  readJson(settingsPath(stateDir), settingsFile)
export const saveSettings = (stateDir: string, settings: Settings): Promise<void> =>
  writeJson(settingsPath(stateDir), settings)

export const defaultStateDir = (uid: number | undefined = process.getuid?.(), home = homedir()): string =>
  uid === 0 ? '/var/lib/clawbernetes' : join(home, '.local/state/clawbernetes')
