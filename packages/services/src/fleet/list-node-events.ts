import { eventTitle } from '@clawbernetes/domain/diagnosis/event-title'
import type { NodeEvent, NodeEventPage } from '@clawbernetes/protocol/views/node'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'

export const listNodeEventsInput = z.object({
  nodeId: z.string().max(60),
  gpuId: z.string().max(60).optional(),
  /** `nextCursor` of the page before. */
  before: z.string().max(40).optional(),
  limit: z.number().int().min(1).max(200).default(100),
})

const CONTROL_PLANE = new Set(['node.state', 'finding.opened', 'finding.cleared'])

/** What happened on a node, newest first: what its machine reported and what the control plane noticed. */
export async function listNodeEvents({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof listNodeEventsInput>
}): Promise<NodeEventPage> {
  requirePermission(ctx, 'read')
  const { nodeId, gpuId, before, limit } = parseInput(listNodeEventsInput, input)
  const { orgId } = ctx.actor
  const node = await ctx.db.node.findFirst({
    where: { id: nodeId, orgId, removedAt: null },
    select: { gpus: { select: { id: true, index: true } } },
  })
  if (!node) throw notFound('node')
  const index = new Map(node.gpus.map((gpu) => [gpu.id, gpu.index]))
  const until = before === undefined ? undefined : new Date(Number(before))
  const [machine, own] = await Promise.all([
    ctx.db.healthEvent.findMany({
      where: { nodeId, orgId, ...(gpuId ? { gpuId } : {}), ...(until ? { at: { lt: until } } : {}) },
      orderBy: { at: 'desc' },
      take: limit,
    }),
    gpuId
      ? []
      : ctx.db.event.findMany({
          where: {
            orgId,
            room: `node:${nodeId}`,
            kind: { in: [...CONTROL_PLANE] },
            ...(until ? { at: { lt: until } } : {}),
          },
          orderBy: { seq: 'desc' },
          take: limit,
        }),
  ])
  const events: NodeEvent[] = [
    ...machine.map((row) => ({
      id: row.id,
      atMs: row.at.getTime(),
      source: 'machine' as const,
      kind: row.kind,
      gpuId: row.gpuId,
      gpuIndex: row.gpuId === null ? null : (index.get(row.gpuId) ?? null),
      code: row.code,
      title: eventTitle(row.kind, row.code),
      line: row.line,
      replicaId: row.replicaId,
    })),
    ...own.map((row) => ({
      id: `evt_${row.seq}`,
      atMs: row.at.getTime(),
      source: 'control-plane' as const,
      kind: row.kind,
      gpuId: null,
      gpuIndex: null,
      code: null,
      title: controlPlaneTitle(row.kind, row.data as Record<string, unknown>),
      line: null,
      replicaId: null,
    })),
  ]
  const page = events.sort((a, b) => b.atMs - a.atMs || b.id.localeCompare(a.id)).slice(0, limit)
  const last = page.at(-1)
  return { events: page, nextCursor: page.length === limit && last ? String(last.atMs) : null }
}

function controlPlaneTitle(kind: string, data: Record<string, unknown>): string {
  if (typeof data.title === 'string') return kind === 'finding.cleared' ? `Cleared: ${data.title}` : data.title
  if (data.cordoned === true) return `Cordoned${typeof data.reason === 'string' ? `: ${data.reason}` : ''}`
  if (data.cordoned === false) return 'Uncordoned'
  const status = typeof data.status === 'string' ? data.status : 'changed'
  return `Node ${status}${typeof data.reason === 'string' ? `: ${data.reason}` : ''}`
}
