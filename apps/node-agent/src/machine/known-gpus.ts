import { readFileSync } from 'node:fs'
import { gpuInventory, type GpuInventory } from '@clawbernetes/protocol/node/inventory'
import * as z from 'zod'
import { writeFileAtomic } from '../state/atomic-file'

const knownFile = z.object({ bootId: z.string(), gpus: z.array(gpuInventory) })

/**
 * GPUs seen since the machine started. A GPU that falls off the bus leaves every list of the driver; only this memory,
 * which outlives the agent's own restarts, tells that it was there. A reboot starts anew: a card may have been taken out.
 */
export class KnownGpus {
  #bootId = ''
  #gpus = new Map<string, GpuInventory>()

  /** @param path where to keep it; null: only in memory */
  constructor(private readonly path: string | null) {
    if (path === null) return
    try {
      const kept = knownFile.parse(JSON.parse(readFileSync(path, 'utf8')))
      this.#bootId = kept.bootId
      this.#gpus = new Map(kept.gpus.map((gpu) => [gpu.uuid, gpu]))
    } catch {
      // None kept yet, or damaged: the next look at the machine fills it.
    }
  }

  list(bootId: string): GpuInventory[] {
    return bootId === this.#bootId ? [...this.#gpus.values()].sort((a, b) => a.index - b.index) : []
  }

  async see(bootId: string, gpus: GpuInventory[]): Promise<void> {
    if (bootId !== this.#bootId) this.#gpus.clear()
    this.#bootId = bootId
    const before = JSON.stringify([...this.#gpus.values()])
    for (const gpu of gpus) this.#gpus.set(gpu.uuid, gpu)
    const kept = [...this.#gpus.values()]
    if (this.path === null || JSON.stringify(kept) === before) return
    await writeFileAtomic(this.path, JSON.stringify({ bootId, gpus: kept }), false).catch(() => {})
  }
}
