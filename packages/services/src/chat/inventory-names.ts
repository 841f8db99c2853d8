import { type Ctx, requirePermission } from '../context'

/** Names that the person can see: what mentions in a sentence are resolved against. */
export interface InventoryNames {
  nodes: { name: string; gpuType?: string }[]
  workloads: { name: string; kind: string }[]
  services: { name: string }[]
  batches: { name: string }[]
  plans: { name: string; intent: string }[]
}

export async function inventoryNames({ ctx }: { ctx: Ctx }): Promise<InventoryNames> {
  requirePermission(ctx, 'read')
  const orgId = ctx.actor.orgId
  const [nodes, workloads, plans] = await Promise.all([
    ctx.db.node.findMany({
      where: { orgId, removedAt: null },
      orderBy: { name: 'asc' },
      select: { name: true, gpus: { take: 1, select: { gpuModel: true } } },
    }),
    ctx.db.workload.findMany({
      where: { orgId, deletedAt: null },
      orderBy: { createdAt: 'desc' },
      take: 500,
      select: { name: true, kind: true, status: true },
    }),
    ctx.db.plan.findMany({
      where: { orgId, state: 'proposed', expiresAt: { gt: ctx.now() } },
      orderBy: { number: 'desc' },
      take: 50,
      select: { number: true, intent: true },
    }),
  ])
  return {
    nodes: nodes.map((n) => ({ name: n.name, ...(n.gpus[0] ? { gpuType: n.gpus[0].gpuModel } : {}) })),
    workloads: workloads.map((w) => ({ name: w.name, kind: w.kind })),
    services: workloads.filter((w) => w.kind === 'service').map((w) => ({ name: w.name })),
    batches: workloads.filter((w) => w.kind === 'batch').map((w) => ({ name: w.name })),
    plans: plans.map((p) => ({ name: `PL-${p.number}`, intent: p.intent })),
  }
}
