import type { WorkloadListItem } from '@clawbernetes/protocol/views/workload'
import type { WorkloadStatus } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'
import { LIST_INCLUDE, type ListRow, toListItems } from './workload-list-item'

export const ENDED: readonly WorkloadStatus[] = ['stopped', 'succeeded', 'failed']

export const listWorkloadsInput = z.object({
  /** live: everything that runs, waits or is on its way · ended: what is over. */
  view: z.enum(['live', 'ended', 'all']).default('all'),
  /** Part of a name. */
  search: z.string().trim().max(80).default(''),
  nodeId: z.string().max(60).nullable().default(null),
  limit: z.number().int().min(1).max(1000).default(200),
  /** Id of an ended workload: go on with those older than it. */
  before: z.string().max(60).nullable().default(null),
})

/** Live workloads first, newest first within; then the ended ones, newest first. */
export async function listWorkloads({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof listWorkloadsInput>
}): Promise<WorkloadListItem[]> {
  requirePermission(ctx, 'read')
  const input = parseInput(listWorkloadsInput, raw)
  const rows: ListRow[] = []
  if (input.view !== 'ended' && input.before === null) rows.push(...(await readRows(ctx, input, 'live', input.limit)))
  if (input.view !== 'live' && rows.length < input.limit)
    rows.push(...(await readRows(ctx, input, 'ended', input.limit - rows.length)))
  return toListItems(ctx, rows)
}

function readRows(ctx: Ctx, input: z.output<typeof listWorkloadsInput>, part: 'live' | 'ended', take: number) {
  const ended = [...ENDED]
  return ctx.db.workload.findMany({
    where: {
      orgId: ctx.actor.orgId,
      deletedAt: null,
      status: part === 'live' ? { notIn: ended } : { in: ended },
      ...(input.search ? { name: { contains: input.search, mode: 'insensitive' } } : {}),
      ...(input.nodeId ? { replicas: { some: { nodeId: input.nodeId } } } : {}),
      ...(input.before ? { id: { lt: input.before } } : {}),
    },
    // Ids are time-sortable.
    orderBy: { id: 'desc' },
    take,
    include: LIST_INCLUDE,
  })
}
