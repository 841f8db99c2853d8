import { join } from 'node:path'
import * as z from 'zod'
import { readJson, writeJson } from './atomic-file'

const machineFile = z.object({
  /** Boot of the machine in which the agent last ran. */
  bootId: z.string(),
  /** Sequence number of the last kernel record whose events the gateway has; null: none yet. */
  kernelSeq: z.number().nullable(),
})
export type MachineMemory = z.infer<typeof machineFile>

const machinePath = (stateDir: string) => join(stateDir, 'machine.json')
/** Only a convenience: a damaged file is as good as none. */
export const loadMachineMemory = (stateDir: string): Promise<MachineMemory | null> =>
  readJson(machinePath(stateDir), machineFile).catch(() => null)
export const saveMachineMemory = (stateDir: string, memory: MachineMemory): Promise<void> =>
  writeJson(machinePath(stateDir), memory, false)
