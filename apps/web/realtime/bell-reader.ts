import { readThreadNews, type ThreadNews } from '@clawbernetes/services/chat/read-thread-news'
import type { Ctx } from '@clawbernetes/services/context'
import { type LoggedEvent, readEvents } from '@clawbernetes/services/log/read-events'

const MAX_BATCH = 400

/**
 * Turns bells ("event 812 exists") into events, per organisation, reading each once for all its listeners. A bell is
 * answered at once; those that ring while a read is under way are answered together by the next one.
 */
export class BellReader {
  private readonly gathered = new Map<string, { ctx: Ctx; seqs: Set<bigint> }>()
  private reading = false
  private closed = false

  constructor(
    private readonly deliver: (orgId: string, event: LoggedEvent, news: ThreadNews) => void,
    private readonly onError: (orgId: string, error: unknown) => void,
  ) {}

  hear(orgId: string, seqs: readonly string[], ctx: Ctx): void {
    const waiting = this.gathered.get(orgId) ?? { ctx, seqs: new Set<bigint>() }
    for (const seq of seqs) waiting.seqs.add(BigInt(seq))
    this.gathered.set(orgId, waiting)
    if (!this.reading) void this.readAll()
  }

  close(): void {
    this.closed = true
    this.gathered.clear()
  }

  private async readAll(): Promise<void> {
    this.reading = true
    // One commit rings several bells in one go: the first one waits for the others of its turn.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.gathered.size > 0 && !this.closed) {
      const batches = [...this.gathered]
      this.gathered.clear()
      for (const [orgId, { ctx, seqs }] of batches) await this.readOf(orgId, ctx, [...seqs])
    }
    this.reading = false
  }

  private async readOf(orgId: string, ctx: Ctx, seqs: bigint[]): Promise<void> {
    try {
      for (let at = 0; at < seqs.length; at += MAX_BATCH) {
        const { events } = await readEvents({ ctx, input: { by: 'seq', seqs: seqs.slice(at, at + MAX_BATCH) } })
        const inThreads = events.filter((event) => event.room.startsWith('thread:'))
        const news = inThreads.length > 0 ? await readThreadNews({ ctx, input: { events: inThreads } }) : null
        for (const event of events)
          this.deliver(orgId, event, (event.room.startsWith('thread:') && news?.get(event.entityId)) || {})
      }
    } catch (error) {
      this.onError(orgId, error)
    }
  }
}
