import { join } from 'node:path'
import { type Assignments, assignments } from '@clawbernetes/protocol/node/replica'
import type { Refusal } from '@clawbernetes/protocol/node/session'
import { readJson, writeJson } from '../state/atomic-file'

const NONE: Assignments = { epoch: 0, version: 0, list: [] }

/**
 * The last desired state this node accepted. On disk before it is acted on: a restarted or disconnected node goes on with
 * it. Fencing: a list of an older epoch, or an older one of the same epoch, comes from a control plane that has moved on.
 */
export class AssignmentStore {
  #current: Assignments = NONE
  /** True once a list was ever accepted: before, an empty memory must not stop what runs. */
  #known = false
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(private readonly path: string) {}

  static async open(stateDir: string): Promise<AssignmentStore> {
    const store = new AssignmentStore(join(stateDir, 'assignments.json'))
    const kept = await readJson(store.path, assignments)
    if (kept) {
      store.#current = kept
      store.#known = true
    }
    return store
  }

  get current(): Assignments {
    return this.#current
  }

  get known(): boolean {
    return this.#known
  }

  /** Keeps a newer list, one after the other; says why when it is not taken. A repeat of the current one is fine. */
  accept(list: Assignments): Promise<Refusal | null> {
    const work = this.#queue.then(() => this.#accept(list))
    this.#queue = work.catch(() => {})
    return work
  }

  async #accept(list: Assignments): Promise<Refusal | null> {
    const { epoch, version } = this.#current
    if (this.#known && list.epoch < epoch)
      return {
        code: 'stale-epoch',
        message: `The list is of epoch ${list.epoch}, this node has accepted epoch ${epoch}.`,
        fatal: false,
      }
    if (this.#known && list.epoch === epoch && list.version < version)
      return {
        code: 'stale-version',
        message: `The list is version ${list.version}, this node has version ${version}.`,
        fatal: false,
      }
    const ids = new Set(list.list.map((a) => a.replicaId))
    if (ids.size !== list.list.length)
      return { code: 'malformed', message: 'The list names a replica twice.', fatal: false }
    if (this.#known && list.epoch === epoch && list.version === version) return null
    await writeJson(this.path, list)
    this.#current = list
    this.#known = true
    return null
  }
}
