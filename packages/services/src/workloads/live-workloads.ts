import { hasEnded } from '@clawbernetes/domain/workloads/workload-status'
import type { LivePlace } from '@clawbernetes/protocol/plans/steps'
import { type WorkloadSpec, workloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { WorkloadStatusName } from '@clawbernetes/protocol/views/workload'
import { type Ctx, requirePermission } from '../context'

export interface LiveWorkload {
  id: string
  name: string
  kind: WorkloadSpec['kind']
  status: WorkloadStatusName
  statusReason: string | null
  revision: number
  spec: WorkloadSpec
  owner: { id: string; name: string }
  nodes: { id: string; name: string }[]
  /** GPUs claimed now, with their nodes. */
  gpus: { id: string; index: number; nodeId: string; nodeName: string; labels: Record<string, string> }[]
  /** Replicas that are to run and are not over, each with its place. */
  replicas: LivePlace[]
  pendingReasons: { node: string; reason: string }[]
  demo: boolean
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

/** Workloads as the agent reasons about them, newest first; `names` limits to these (case-insensitive). */
export async function liveWorkloads({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { names?: string[]; includeEnded?: boolean; limit?: number }
}): Promise<LiveWorkload[]> {
  requirePermission(ctx, 'read')
  const rows = await ctx.db.workload.findMany({
    where: {
      orgId: ctx.actor.orgId,
      deletedAt: null,
      ...(input.includeEnded ? {} : { status: { notIn: ['stopped', 'succeeded', 'failed'] } }),
      ...(input.names ? { name: { in: input.names, mode: 'insensitive' } } : {}),
    },
    orderBy: { createdAt: 'desc' },
    take: input.limit ?? 500,
    include: { replicas: { where: { closedAt: null }, include: { node: { select: { id: true, name: true } } } } },
  })
  const owners = await ctx.db.user.findMany({
    where: { id: { in: rows.map((r) => r.ownerId) } },
    select: { id: true, name: true },
  })
  const claims = await ctx.db.reservation.findMany({
    where: { workloadId: { in: rows.map((r) => r.id) }, releasedAt: null },
    include: {
      gpu: { select: { id: true, index: true, uuid: true, node: { select: { id: true, name: true, labels: true } } } },
    },
  })
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    status: row.status,
    statusReason: row.statusReason,
    revision: row.revision,
    spec: workloadSpec.parse(row.spec),
    owner: owners.find((o) => o.id === row.ownerId) ?? { id: row.ownerId, name: 'Someone' },
    nodes: [...new Map(row.replicas.map((r) => [r.node.id, r.node])).values()],
    gpus: claims
      .filter((c) => c.workloadId === row.id)
      .map((c) => ({
        id: c.gpu.id,
        index: c.gpu.index,
        nodeId: c.gpu.node.id,
        nodeName: c.gpu.node.name,
        labels: c.gpu.node.labels as Record<string, string>,
      })),
    replicas: row.replicas
      .filter((r) => r.desired === 'run' && !hasEnded(r))
      .map((r) => {
        const own = claims.filter((c) => c.replicaId === r.id).sort((a, b) => a.gpu.index - b.gpu.index)
        return {
          replicaId: r.id,
          ordinal: r.ordinal,
          nodeId: r.node.id,
          nodeName: r.node.name,
          gpuIds: own.map((c) => c.gpu.id),
          gpuUuids: own.map((c) => c.gpu.uuid),
        }
      }),
    pendingReasons: (row.pendingReasons ?? []) as { node: string; reason: string }[],
    demo: row.demo,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
  }))
}

/** Names that are taken, for choosing a new one. */
export async function takenNames({ ctx }: { ctx: Ctx }): Promise<Set<string>> {
  requirePermission(ctx, 'read')
  const rows = await ctx.db.workload.findMany({
    where: { orgId: ctx.actor.orgId, deletedAt: null },
    select: { name: true },
  })
  return new Set(rows.map((r) => r.name))
}
