import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'
import { listGpus } from './list-gpus'

export const readGpuInput = z.object({ gpuId: z.string().max(60) })

/** One GPU of the organisation. */
export async function readGpu({ ctx, input }: { ctx: Ctx; input: z.input<typeof readGpuInput> }): Promise<GpuView> {
  requirePermission(ctx, 'read')
  const { gpuId } = parseInput(readGpuInput, input)
  const row = await ctx.db.gpu.findFirst({
    where: { id: gpuId, orgId: ctx.actor.orgId, node: { removedAt: null } },
    select: { nodeId: true },
  })
  const gpus = row ? await listGpus({ ctx, input: { nodeId: row.nodeId } }) : []
  const gpu = gpus.find((candidate) => candidate.id === gpuId)
  if (!gpu) throw notFound('GPU')
  return gpu
}
