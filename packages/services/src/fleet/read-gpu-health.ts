import type { SystemCtx } from '../context'
import { notFound } from '../errors'

/** How a GPU is held now, for steps that check what they set. */
export async function readGpuHealth(
  { db }: SystemCtx,
  input: { orgId: string; gpuId: string },
): Promise<{ index: number; node: string; health: string; readability: string; heldBy: string | null }> {
  const gpu = await db.gpu.findFirst({
    where: { id: input.gpuId, orgId: input.orgId },
    include: { node: { select: { name: true } }, reservations: { where: { releasedAt: null }, take: 1 } },
  })
  if (!gpu) throw notFound('GPU')
  const claim = gpu.reservations[0]
  const holder = claim
    ? await db.workload.findUnique({ where: { id: claim.workloadId }, select: { name: true } })
    : null
  return {
    index: gpu.index,
    node: gpu.node.name,
    health: gpu.health,
    readability: gpu.readability,
    heldBy: holder?.name ?? null,
  }
}
