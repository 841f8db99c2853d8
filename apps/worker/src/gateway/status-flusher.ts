import type { ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import type { SystemCtx } from '@clawbernetes/services/context'
import { applyReplicaStatuses, type NodeStatuses } from '@clawbernetes/services/workloads/apply-replica-status'

/** Nodes whose words go into one transaction at most. */
const FLUSH_MAX = 200

type Applied = { foreign: string[] }

interface Waiting {
  item: NodeStatuses
  done: (applied: Applied) => void
  failed: (error: unknown) => void
}

/**
 * Stores what nodes say of their replicas. What arrives while a transaction is under way goes into the next one together, so
 * a lone word waits for nothing and a thousand at once cost a few transactions. One at a time: a node's words keep their order.
 */
export class StatusFlusher {
  readonly #waiting: Waiting[] = []
  #running = false

  constructor(private readonly sys: SystemCtx) {}

  /** Resolves when it is stored; rejects when it could not be. */
  add(nodeId: string, statuses: readonly ReplicaStatus[]): Promise<Applied> {
    return new Promise((done, failed) => {
      this.#waiting.push({ item: { nodeId, statuses }, done, failed })
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#waiting.length > 0) await this.#store(this.#waiting.splice(0, FLUSH_MAX))
    this.#running = false
  }

  async #store(taken: Waiting[]): Promise<void> {
    try {
      const applied = await applyReplicaStatuses({ sys: this.sys, nodes: taken.map((waiting) => waiting.item) })
      taken.forEach(({ done }, i) => done(applied[i] ?? { foreign: [] }))
    } catch (error) {
      const [only] = taken
      if (taken.length === 1 && only) return only.failed(error)
      // What one node says must not keep the words of the others out.
      for (const waiting of taken) await this.#store([waiting])
    }
  }
}
