import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { replicaSpec } from '@clawbernetes/protocol/node/replica'
import * as z from 'zod'
import { readJsonFile, writeJsonFile } from '../shared/json-file'
import { replicaName } from '../shared/observed'
import type { ReplicaKey } from '../runtime'

/** What the engine cannot tell about a container of ours after the agent has restarted. */
export const containerRecord = z.object({
  version: z.literal(1),
  key: z.object({ replicaId: z.string(), generation: z.number().int(), workloadName: z.string() }),
  /** null for a container whose record was lost: it can still be seen, stopped and removed. */
  spec: replicaSpec.nullable(),
  /** The container was started once: should it be gone, it is not made again. */
  started: z.boolean(),
  stopAsked: z.boolean(),
  gpuVerified: z.boolean().nullable(),
  /** The kernel killed something in it for memory, seen while it ran. */
  oomSeen: z.boolean(),
  /** An end that is not the container's own: it never ran, or was ended because it must not run. */
  failure: z.object({ code: z.string(), message: z.string(), atMs: z.number() }).nullable(),
})
export type ContainerRecord = z.infer<typeof containerRecord>

/** One small file per replica in the agent's state folder. */
export class ContainerRecords {
  readonly #folder: string

  constructor(stateDir: string) {
    this.#folder = path.join(stateDir, 'containers')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
  }

  read = (name: string): ContainerRecord | null => readJsonFile(this.#file(name), containerRecord)

  write(record: ContainerRecord): void {
    writeJsonFile(this.#file(replicaName(record.key)), record)
  }

  delete(name: string): void {
    rmSync(this.#file(name), { force: true })
  }

  all(): ContainerRecord[] {
    const names = readdirSync(this.#folder).filter((file) => file.endsWith('.json'))
    return names.flatMap((file) => this.read(file.slice(0, -'.json'.length)) ?? [])
  }

  #file = (name: string): string => path.join(this.#folder, `${name}.json`)
}

export const newRecord = (key: ReplicaKey, spec: ContainerRecord['spec']): ContainerRecord => ({
  version: 1,
  key: { ...key },
  spec,
  started: false,
  stopAsked: false,
  gpuVerified: null,
  oomSeen: false,
  failure: null,
})
