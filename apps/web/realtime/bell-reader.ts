import type { Ctx } from '@clawbernetes/services/context'
import { type LoggedEvent, readEvents } from '@clawbernetes/services/log/read-events'

/** Bells that ring together are answered with one read. */
const GATHER_MS = 15
const MAX_BATCH = 400

/** Turns bells ("event 812 exists") into events, per organisation, reading each once for all its listeners. */
export class BellReader {
  private readonly gathered = new Map<string, { ctx: Ctx; seqs: Set<bigint> }>()
  private timer: NodeJS.Timeout | null = null

  constructor(
    private readonly deliver: (orgId: string, event: LoggedEvent) => void,
    private readonly onError: (orgId: string, error: unknown) => void,
  ) {}

  hear(orgId: string, seq: bigint, ctx: Ctx): void {
    const waiting = this.gathered.get(orgId) ?? { ctx, seqs: new Set<bigint>() }
    waiting.seqs.add(seq)
    this.gathered.set(orgId, waiting)
    this.timer ??= setTimeout(() => void this.read(), GATHER_MS)
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer)
    this.gathered.clear()
  }

  private async read(): Promise<void> {
    this.timer = null
    const batches = [...this.gathered]
    this.gathered.clear()
    for (const [orgId, { ctx, seqs }] of batches) {
      const all = [...seqs]
      try {
        for (let at = 0; at < all.length; at += MAX_BATCH) {
          const { events } = await readEvents({ ctx, input: { by: 'seq', seqs: all.slice(at, at + MAX_BATCH) } })
          for (const event of events) this.deliver(orgId, event)
        }
      } catch (error) {
        this.onError(orgId, error)
      }
    }
  }
}
