import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'
import { gpuView } from './gpu-view'
import { loadFleet } from './load-fleet'
import { readProcesses } from './read-node'

export const listGpusInput = z.object({ nodeId: z.string().max(60).optional() })

/** All GPUs of the organisation (or of one node), by node name and index. */
export async function listGpus({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof listGpusInput>
}): Promise<GpuView[]> {
  requirePermission(ctx, 'read')
  const { nodeId } = parseInput(listGpusInput, input)
  const fleet = await loadFleet(ctx, nodeId ? [nodeId] : undefined, { gpuFacts: true })
  if (nodeId && fleet.nodes.length === 0) throw notFound('node')
  const processes = await readProcesses(
    ctx,
    fleet.nodes.map((node) => node.num),
  )
  return fleet.nodes.flatMap((node) => node.gpus.map((gpu) => gpuView(fleet, node, gpu, processes.get(node.num) ?? [])))
}
