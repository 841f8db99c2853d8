import type { Prisma } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'

const MAX_EVENTS = 500

export const readEventsInput = z.discriminatedUnion('by', [
  /** These very events, of whatever room. */
  z.object({ by: z.literal('seq'), seqs: z.array(z.bigint()).min(1).max(MAX_EVENTS) }),
  /** Of one room, what came after a position. */
  z.object({ by: z.literal('position'), room: z.string().max(200), afterSeq: z.bigint() }),
  /** Of one room, what came since a moment. */
  z.object({ by: z.literal('time'), room: z.string().max(200), since: z.date() }),
])

export interface LoggedEvent {
  room: string
  seq: bigint
  kind: string
  entityId: string
  entityVersion: number
  data: Prisma.JsonValue
  at: Date
}

/**
 * Events of the caller's organisation, oldest first. `complete` is false when there are more than can be given: the
 * reader then reads the entities afresh instead. Positions may become visible slightly out of order, so that readers
 * who come back must ask for a stretch before their last one and drop what they have.
 */
export async function readEvents({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof readEventsInput>
}): Promise<{ events: LoggedEvent[]; complete: boolean }> {
  requirePermission(ctx, 'read')
  const asked = parseInput(readEventsInput, input)
  const where: Prisma.EventWhereInput =
    asked.by === 'seq'
      ? { seq: { in: asked.seqs } }
      : asked.by === 'position'
        ? { room: asked.room, seq: { gt: asked.afterSeq } }
        : { room: asked.room, at: { gte: asked.since } }
  const rows = await ctx.db.event.findMany({
    where: { ...where, orgId: ctx.actor.orgId },
    orderBy: { seq: 'asc' },
    take: MAX_EVENTS + 1,
    select: { room: true, seq: true, kind: true, entityId: true, entityVersion: true, data: true, at: true },
  })
  return { events: rows.slice(0, MAX_EVENTS), complete: rows.length <= MAX_EVENTS }
}
