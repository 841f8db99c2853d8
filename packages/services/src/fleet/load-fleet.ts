import type { Prisma } from '@clawbernetes/db/rows'
import type { FindingSeverity } from '@clawbernetes/protocol/views/finding'
import type { Ctx } from '../context'
import { type GpuRow, readGpuRows } from './read-gpu-rows'
import { type LatestRow, latestRows } from '../telemetry/latest-rows'
import { type EccGrowth, readEcc } from '../telemetry/read-ecc'

const DAY_MS = 86_400_000

const NODE = {
  id: true,
  num: true,
  name: true,
  demo: true,
  status: true,
  statusReason: true,
  labels: true,
  cpuCores: true,
  memoryMib: true,
  cordonedAt: true,
  cordonedBy: true,
  cordonReason: true,
  cordonExpiresAt: true,
  agentVersion: true,
  protocol: true,
  epoch: true,
  joinedAt: true,
  connectedAt: true,
  lastSeenAt: true,
  version: true,
} satisfies Prisma.NodeSelect
export type NodeRow = Prisma.NodeGetPayload<{ select: typeof NODE }> & { gpus: GpuRow[] }

export interface Holder {
  workloadId: string
  name: string
  kind: string
  replicaId: string | null
}

/** Everything that views of nodes and GPUs are made of, read together. */
export interface LoadedFleet {
  nowMs: number
  nodes: NodeRow[]
  drivers: Map<string, string>
  slots: Map<string, number>
  latest: Map<number, LatestRow>
  /** GPU id → who holds it. */
  holders: Map<string, Holder>
  findings: { nodeId: string; gpuId: string | null; severity: FindingSeverity }[]
  /** GPU id → growth over 24 h; not in the map: not collected. */
  ecc: Map<string, EccGrowth>
  names: Map<string, string>
}

/**
 * Reads the nodes of the caller's organisation, or those of `nodeIds` among them.
 * @param options.gpuFacts also what each GPU is made of (limits, bus, serial): views of single GPUs need it, the fleet does not
 */
export async function loadFleet(
  ctx: Ctx,
  nodeIds?: string[],
  options: { gpuFacts?: boolean } = {},
): Promise<LoadedFleet> {
  const { db } = ctx
  const { orgId } = ctx.actor
  const now = ctx.now()
  const [rows, gpus] = await Promise.all([
    db.node.findMany({
      where: { orgId, removedAt: null, ...(nodeIds ? { id: { in: nodeIds } } : {}) },
      select: NODE,
      orderBy: { name: 'asc' },
    }),
    readGpuRows(db, orgId, { nodeIds: nodeIds ?? null, facts: options.gpuFacts ?? false }),
  ])
  const nodes = rows.map((node) => ({ ...node, gpus: gpus.get(node.id) ?? [] }))
  const ids = nodes.map((node) => node.id)
  const gpuIds = nodes.flatMap((node) => node.gpus.map((gpu) => gpu.id))
  const nums = nodes.map((node) => node.num)
  const [drivers, slots, latest, holders, findings, ecc, users] = await Promise.all([
    db.$queryRaw<
      { id: string; driver: string }[]
    >`select id, inventory->>'driver' as driver from node where id = any(${ids})`,
    db.$queryRaw<
      { gpu_id: string; slot: number }[]
    >`select gpu_id, slot from telemetry.gpu_slot where node = any(${nums})`,
    latestRows(db, nums),
    readHolders(ctx, nodeIds ? ids : null),
    db.finding.findMany({
      where: { orgId, state: 'open', ...(nodeIds ? { nodeId: { in: ids } } : {}) },
      select: { nodeId: true, gpuId: true, severity: true },
    }),
    readEcc(db, gpuIds, new Date(now.getTime() - DAY_MS), now),
    db.user.findMany({
      where: { id: { in: nodes.flatMap((node) => node.cordonedBy ?? []) } },
      select: { id: true, name: true },
    }),
  ])
  return {
    nowMs: now.getTime(),
    nodes,
    drivers: new Map(drivers.map((row) => [row.id, row.driver])),
    slots: new Map(slots.map((row) => [row.gpu_id, row.slot])),
    latest,
    holders,
    findings: findings.map((row) => ({ ...row, severity: row.severity as FindingSeverity })),
    ecc,
    names: new Map(users.map((user) => [user.id, user.name])),
  }
}

async function readHolders(ctx: Ctx, nodeIds: string[] | null): Promise<Map<string, Holder>> {
  const claims = await ctx.db.reservation.findMany({
    where: { orgId: ctx.actor.orgId, releasedAt: null, ...(nodeIds ? { nodeId: { in: nodeIds } } : {}) },
    select: { gpuId: true, workloadId: true, replicaId: true },
  })
  const workloads = await ctx.db.workload.findMany({
    where: { orgId: ctx.actor.orgId, id: { in: [...new Set(claims.map((claim) => claim.workloadId))] } },
    select: { id: true, name: true, kind: true },
  })
  const byId = new Map(workloads.map((workload) => [workload.id, workload]))
  return new Map(
    claims.map((claim) => {
      const workload = byId.get(claim.workloadId)
      return [
        claim.gpuId,
        {
          workloadId: claim.workloadId,
          name: workload?.name ?? claim.workloadId,
          kind: workload?.kind ?? 'job',
          replicaId: claim.replicaId,
        },
      ]
    }),
  )
}
