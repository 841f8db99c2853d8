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
    ctx.db.$queryRaw<{ name: string; gpuType: string | null }[]>`
      select name, (select gpu_model from gpu where node_id = node.id order by index limit 1) as "gpuType"
      from node where org_id = ${orgId} and removed_at is null order by name`,
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
    nodes: nodes.map((n) => ({ name: n.name, ...(n.gpuType ? { gpuType: n.gpuType } : {}) })),
    workloads: workloads.map((w) => ({ name: w.name, kind: w.kind })),
    services: workloads.filter((w) => w.kind === 'service').map((w) => ({ name: w.name })),
    batches: workloads.filter((w) => w.kind === 'batch').map((w) => ({ name: w.name })),
    plans: plans.map((p) => ({ name: `PL-${p.number}`, intent: p.intent })),
  }
}
