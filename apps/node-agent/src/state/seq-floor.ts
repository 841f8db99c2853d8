import { join } from 'node:path'
import * as z from 'zod'
import { readJson, writeJson } from './atomic-file'

const floorFile = z.object({ status: z.number().int(), log: z.number().int() })

/**
 * Numbers that forgotten replicas have used up. A replica that comes back after it was dropped goes on above them: the
 * control plane takes a lower number for something old.
 */
export class SeqFloor {
  private constructor(
    private readonly path: string,
    private floor: z.infer<typeof floorFile>,
  ) {}

  static async open(stateDir: string): Promise<SeqFloor> {
    const path = join(stateDir, 'floor.json')
    return new SeqFloor(path, (await readJson(path, floorFile)) ?? { status: 0, log: 0 })
  }

  get status(): number {
    return this.floor.status
  }

  get log(): number {
    return this.floor.log
  }

  /** On disk before the numbers are forgotten. */
  async raise(kind: 'status' | 'log', used: number): Promise<void> {
    if (used < this.floor[kind]) return
    this.floor = { ...this.floor, [kind]: used + 1 }
    await writeJson(this.path, this.floor)
  }
}
