import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { replicaSpec, replicaStatus } from '@clawbernetes/protocol/node/replica'
import * as z from 'zod'
import { privateFolder, readJson, writeJson } from '../state/atomic-file'
import type { SeqFloor } from '../state/seq-floor'
import { REPLICA_TRANSITIONS, type ReplicaState } from './replica-machine'

const states = Object.keys(REPLICA_TRANSITIONS) as [ReplicaState, ...ReplicaState[]]

/** What is remembered of one replica, written before anything is done about it. */
export const replicaRecord = z.object({
  replicaId: z.string(),
  workloadName: z.string(),
  generation: z.number().int(),
  state: z.enum(states),
  /** As the control plane sent it: kept so that a replica can be stopped properly after the list dropped it. */
  spec: replicaSpec,
  restarts: z.number().int(),
  streak: z.number().int(),
  retryAtMs: z.number().nullable(),
  /** When the last attempt ended whose end was dealt with. */
  handledEndMs: z.number().nullable(),
  status: replicaStatus,
  /** seq of the last status that the gateway has stored. */
  acknowledgedSeq: z.number().int(),
})
export type ReplicaRecord = z.infer<typeof replicaRecord>

export interface ReplicaJournal {
  load(): Promise<ReplicaRecord[]>
  write(record: ReplicaRecord): Promise<void>
  forget(record: ReplicaRecord): Promise<void>
  /** Where the numbers of a replica that is new here begin. */
  readonly firstSeq: number
}

/** One file a replica, so that a write costs the same however many there are. */
export async function openReplicaJournal(stateDir: string, floor: SeqFloor): Promise<ReplicaJournal> {
  const folder = join(stateDir, 'replicas')
  await privateFolder(folder)
  const pathOf = (replicaId: string) => join(folder, `${encodeURIComponent(replicaId)}.json`)
  return {
    async load() {
      const records: ReplicaRecord[] = []
      for (const name of await readdir(folder)) {
        if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true })
        else if (name.endsWith('.json')) {
          const record = await readJson(join(folder, name), replicaRecord)
          if (record) records.push(record)
        }
      }
      return records
    },
    write: (record) => writeJson(pathOf(record.replicaId), record),
    async forget(record) {
      await floor.raise('status', record.status.seq)
      await rm(pathOf(record.replicaId), { force: true })
    },
    get firstSeq() {
      return floor.status
    },
  }
}
