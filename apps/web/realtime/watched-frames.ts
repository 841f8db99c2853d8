import type { Ctx } from '@clawbernetes/services/context'
import { readFrame } from '@clawbernetes/services/telemetry/read-frame'

const EVERY_MS = 5000
/** Small fleets are cheap to read and nicer to watch. */
const EVERY_SMALL_MS = 2000
const SMALL_FLEET_GPUS = 1000

type Frame = Awaited<ReturnType<typeof readFrame>>

/**
 * Reads an organisation's latest telemetry for as long as somebody watches, once for all of them. Nobody watches: nothing
 * is read. A failed read is tried again at the next turn; browsers see the frame's age.
 */
export class WatchedFrames {
  private readonly watches = new Map<string, { watchers: Map<string, Ctx>; timer: NodeJS.Timeout | null }>()

  constructor(
    private readonly deliver: (orgId: string, frame: Frame) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  add(orgId: string, watcherId: string, ctx: Ctx): void {
    const watch = this.watches.get(orgId) ?? { watchers: new Map<string, Ctx>(), timer: null }
    const isFirst = watch.watchers.size === 0
    watch.watchers.set(watcherId, ctx)
    this.watches.set(orgId, watch)
    // A second watcher gets the next frame within seconds; only the first one starts the reading.
    if (isFirst) this.schedule(orgId, 0)
  }

  remove(orgId: string, watcherId: string): void {
    const watch = this.watches.get(orgId)
    if (!watch) return
    watch.watchers.delete(watcherId)
    if (watch.watchers.size > 0) return
    if (watch.timer) clearTimeout(watch.timer)
    this.watches.delete(orgId)
  }

  close(): void {
    for (const watch of this.watches.values()) if (watch.timer) clearTimeout(watch.timer)
    this.watches.clear()
  }

  private schedule(orgId: string, afterMs: number): void {
    const watch = this.watches.get(orgId)
    if (watch) watch.timer = setTimeout(() => void this.turn(orgId), afterMs)
  }

  private async turn(orgId: string): Promise<void> {
    const ctx = this.watches.get(orgId)?.watchers.values().next().value
    if (!ctx) return
    let nextMs = EVERY_MS
    try {
      const frame = await readFrame({ ctx })
      if (frame.length < SMALL_FLEET_GPUS) nextMs = EVERY_SMALL_MS
      this.deliver(orgId, frame)
    } catch (error) {
      this.onError(error)
    }
    this.schedule(orgId, nextMs)
  }
}
