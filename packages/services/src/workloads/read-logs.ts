import type { Prisma } from '@clawbernetes/db/rows'
import { type LogEntry, logLevel, type LogPage } from '@clawbernetes/protocol/views/workload-log'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'

const cursor = z.string().regex(/^\d{1,18}$/, 'Not a log cursor.')

export const readLogsInput = z
  .object({
    workloadId: z.string().max(60),
    /** Lines older than this cursor; without either: the newest. */
    before: cursor.optional(),
    /** Lines newer than this cursor. */
    after: cursor.optional(),
    limit: z.number().int().min(1).max(1000).default(200),
    replicaIds: z.array(z.string().max(60)).max(200).optional(),
    levels: z.array(logLevel).max(4).optional(),
    streams: z
      .array(z.enum(['stdout', 'stderr', 'agent', 'gap']))
      .max(4)
      .optional(),
    /** Plain text, not a pattern; letter case does not matter. */
    search: z.string().max(200).optional(),
    fromMs: z.number().int().optional(),
    toMs: z.number().int().optional(),
  })
  .refine((input) => !(input.before && input.after), 'Read before or after a cursor, not both.')

/** Lines of a workload in order of arrival, oldest first, a page either way from a cursor. */
export async function readLogs({ ctx, input }: { ctx: Ctx; input: z.input<typeof readLogsInput> }): Promise<LogPage> {
  requirePermission(ctx, 'read')
  const asked = parseInput(readLogsInput, input)
  const { workloadId, before, after, limit } = asked
  const workload = await ctx.db.workload.findFirst({
    where: { id: workloadId, orgId: ctx.actor.orgId },
    select: { id: true },
  })
  if (!workload) throw notFound('workload')
  const forward = after !== undefined
  const rows = await ctx.db.workloadLog.findMany({
    where: filter(asked),
    orderBy: { id: forward ? 'asc' : 'desc' },
    take: limit + 1,
  })
  const page = rows.slice(0, limit)
  if (!forward) page.reverse()
  const ordinals = await ordinalsOf(
    ctx,
    page.map((row) => row.replicaId),
  )
  const lines = page.map(
    (row): LogEntry => ({
      cursor: String(row.id),
      replicaId: row.replicaId,
      ordinal: ordinals.get(row.replicaId) ?? 0,
      seq: row.seq,
      atMs: row.at.getTime(),
      stream: row.stream as LogEntry['stream'],
      level: row.level as LogEntry['level'],
      text: row.text,
    }),
  )
  const older = forward ? true : rows.length > limit
  return {
    lines,
    before: older ? (lines[0]?.cursor ?? after ?? null) : null,
    after: lines.at(-1)?.cursor ?? after ?? before ?? null,
  }
}

function filter(asked: z.output<typeof readLogsInput>): Prisma.WorkloadLogWhereInput {
  const at: Prisma.DateTimeFilter = {}
  if (asked.fromMs !== undefined) at.gte = new Date(asked.fromMs)
  if (asked.toMs !== undefined) at.lt = new Date(asked.toMs)
  return {
    workloadId: asked.workloadId,
    ...(asked.before ? { id: { lt: BigInt(asked.before) } } : {}),
    ...(asked.after ? { id: { gt: BigInt(asked.after) } } : {}),
    ...(asked.replicaIds ? { replicaId: { in: asked.replicaIds } } : {}),
    ...(asked.levels ? { level: { in: asked.levels } } : {}),
    ...(asked.streams ? { stream: { in: asked.streams } } : {}),
    ...(asked.search ? { text: { contains: asked.search, mode: 'insensitive' } } : {}),
    ...(asked.fromMs !== undefined || asked.toMs !== undefined ? { at } : {}),
  }
}

async function ordinalsOf(ctx: Ctx, replicaIds: string[]): Promise<Map<string, number>> {
  const rows = await ctx.db.replica.findMany({
    where: { id: { in: [...new Set(replicaIds)] } },
    select: { id: true, ordinal: true },
  })
  return new Map(rows.map((row) => [row.id, row.ordinal]))
}
