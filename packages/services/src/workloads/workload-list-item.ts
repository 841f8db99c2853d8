import type { Prisma } from '@clawbernetes/db/rows'
import type { WorkloadListItem } from '@clawbernetes/protocol/views/workload'
import type { Ctx } from '../context'
import { heldGpus, type HeldGpus } from './held-gpus'

export const LIST_INCLUDE = {
  replicas: {
    orderBy: [{ ordinal: 'asc' }, { attempt: 'desc' }, { createdAt: 'desc' }],
    distinct: ['ordinal'],
    select: { phase: true, closedAt: true, ordinal: true, node: { select: { id: true, name: true } } },
  },
} satisfies Prisma.WorkloadInclude
export type ListRow = Prisma.WorkloadGetPayload<{ include: typeof LIST_INCLUDE }>

/** Rows as the list shows them, with what their GPUs do now. */
export async function toListItems(ctx: Ctx, rows: readonly ListRow[]): Promise<WorkloadListItem[]> {
  const ids = rows.map((row) => row.id)
  const owners = [...new Set(rows.map((row) => row.ownerId))]
  const [held, users] = await Promise.all([
    heldGpus(ctx, ids),
    ctx.db.user.findMany({ where: { id: { in: owners } }, select: { id: true, name: true } }),
  ])
  const names = new Map([['system', 'Clawbernetes'], ...users.map((user) => [user.id, user.name] as const)])
  return rows.map((row) => listItem(row, held.get(row.id), names))
}

function listItem(row: ListRow, held: HeldGpus | undefined, names: ReadonlyMap<string, string>): WorkloadListItem {
  const live = row.replicas.filter((replica) => replica.closedAt === null)
  const shown = live.length > 0 ? live : row.replicas
  const nodes = new Map(shown.map((replica) => [replica.node.id, replica.node]))
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    status: row.status,
    statusReason: row.statusReason,
    owner: { id: row.ownerId, name: names.get(row.ownerId) ?? 'Someone' },
    replicasWanted: row.replicasWanted,
    replicasRunning: live.filter((replica) => replica.phase === 'running' || replica.phase === 'ready').length,
    gpusWanted: row.replicasWanted * row.gpusPerReplica,
    gpus: { count: held?.gpus ?? 0, model: modelOf(row, held) },
    nodes: [...nodes.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    utilPct: held?.utilPct ?? null,
    costPerHourMicroUsd: held ? held.costPerHourMicroUsd : 0,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    demo: row.demo,
    version: row.version,
  }
}

/** The model it holds; while it waits, the one it asks for. null: several, or any. */
function modelOf(row: ListRow, held: HeldGpus | undefined): string | null {
  if (held) return held.models.length === 1 ? (held.models[0] ?? null) : null
  const asked = row.spec as { placement?: { gpuModel?: string | null } } | null
  return asked?.placement?.gpuModel ?? null
}
