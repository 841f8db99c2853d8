import type { SlotTable } from '@clawbernetes/protocol/views/fleet'
import { type Ctx, requirePermission } from '../context'
import { fleetSlots, slotVersion } from './fleet-slots'

/** Which GPU stands at which place of the organisation's frames. */
export async function readSlotTable({ ctx }: { ctx: Ctx }): Promise<SlotTable> {
  requirePermission(ctx, 'read')
  const rows = await fleetSlots(ctx)
  let length = 0
  const nodes = rows.map((row) => {
    const offset = length
    length += row.gpuIds.length
    return {
      nodeId: row.id,
      name: row.name,
      status: row.status,
      labels: row.labels,
      cordoned: row.cordoned,
      demo: row.demo,
      offset,
      gpus: row.gpuIds.map((gpuId, i) => ({
        gpuId,
        index: row.indexes[i] ?? i,
        model: row.models[i] ?? '',
        memoryMib: row.memoryMib[i] ?? null,
        slowdownTempC: row.slowdownTempC[i] ?? null,
      })),
    }
  })
  return { version: slotVersion(rows), nodes, length }
}
