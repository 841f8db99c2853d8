import type { GpuSample } from '@clawbernetes/protocol/node/telemetry'
import type { SystemCtx } from '../context'
import { recordNodeEvent } from './record-node-event'

/** The driver's verdict on a GPU changed. Anything but `ok` keeps new work away: unreadable is unhealthy. */
export async function setGpuReadability({
  sys,
  nodeId,
  gpuId,
  readability,
}: {
  sys: SystemCtx
  nodeId: string
  gpuId: string
  readability: GpuSample['readability']
}): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    const [gpu] = await tx.gpu.updateManyAndReturn({
      where: { id: gpuId, nodeId, readability: { not: readability } },
      data: { readability, version: { increment: 1 } },
    })
    if (!gpu) return
    await recordNodeEvent(
      tx,
      { id: nodeId, orgId: gpu.orgId },
      {
        kind: 'gpu.state',
        entityId: gpuId,
        entityVersion: gpu.version,
        data: { nodeId, readability, health: gpu.health },
      },
    )
  })
}
