import { type FindingView, findingEvidence, type FindingSeverity } from '@clawbernetes/protocol/views/finding'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'

const MAX_FINDINGS = 500
const NO_EVIDENCE: FindingView['evidence'] = {
  for: [],
  against: [],
  confidence: 'low',
  hypotheses: [],
  nextTest: null,
  action: null,
}

export const listFindingsInput = z.object({
  nodeId: z.string().max(60).optional(),
  gpuId: z.string().max(60).optional(),
  state: z.enum(['open', 'cleared', 'all']).default('open'),
})

/** Diagnosed facts of the organisation, the gravest and newest first. */
export async function listFindings({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof listFindingsInput>
}): Promise<FindingView[]> {
  requirePermission(ctx, 'read')
  const { nodeId, gpuId, state } = parseInput(listFindingsInput, input)
  const { orgId } = ctx.actor
  const rows = await ctx.db.finding.findMany({
    where: { orgId, ...(nodeId ? { nodeId } : {}), ...(gpuId ? { gpuId } : {}), ...(state === 'all' ? {} : { state }) },
    orderBy: { since: 'desc' },
    take: MAX_FINDINGS,
  })
  const [nodes, gpus] = await Promise.all([
    ctx.db.node.findMany({
      where: { orgId, id: { in: rows.map((row) => row.nodeId) } },
      select: { id: true, name: true },
    }),
    ctx.db.gpu.findMany({
      where: { orgId, id: { in: rows.flatMap((row) => row.gpuId ?? []) } },
      select: { id: true, index: true },
    }),
  ])
  const names = new Map(nodes.map((node) => [node.id, node.name]))
  const indexes = new Map(gpus.map((gpu) => [gpu.id, gpu.index]))
  const views = rows.map(
    (row): FindingView => ({
      id: row.id,
      rule: row.rule,
      severity: row.severity as FindingSeverity,
      state: row.state,
      title: row.title,
      detail: row.detail,
      nodeId: row.nodeId,
      nodeName: names.get(row.nodeId) ?? '',
      gpuId: row.gpuId,
      gpuIndex: row.gpuId === null ? null : (indexes.get(row.gpuId) ?? null),
      evidence: findingEvidence.safeParse(row.evidence).data ?? NO_EVIDENCE,
      sinceMs: row.since.getTime(),
      lastSeenAtMs: row.lastSeenAt.getTime(),
      clearedAtMs: row.clearedAt?.getTime() ?? null,
    }),
  )
  const weight: Record<FindingSeverity, number> = { critical: 0, warning: 1, info: 2 }
  return views.sort((a, b) => weight[a.severity] - weight[b.severity] || b.sinceMs - a.sinceMs)
}
