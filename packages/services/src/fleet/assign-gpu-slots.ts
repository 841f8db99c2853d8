import type { SystemCtx, Tx } from '../context'

/** The telemetry format holds as many places per node. */
export const MAX_SLOTS = 32

/**
 * Gives each GPU its lasting place in its node's telemetry: the driver's index when nobody has it, else the lowest free
 * one. With all places taken, the GPU that is missing the longest gives up its own.
 * @returns GPU id → slot
 */
export async function assignGpuSlots(
  tx: Tx,
  sys: SystemCtx,
  nodeNum: number,
  gpus: { id: string; index: number }[],
): Promise<Map<string, number>> {
  const ids = gpus.map((gpu) => gpu.id)
  // A GPU that came from another node gives up its place there.
  await tx.$executeRaw`delete from telemetry.gpu_slot where gpu_id = any(${ids}) and node <> ${nodeNum}`
  const rows = await tx.$queryRaw<{ gpu_id: string; slot: number }[]>`
    select s.gpu_id, s.slot from telemetry.gpu_slot s left join gpu g on g.id = s.gpu_id
    where s.node = ${nodeNum} order by g.missing_since nulls last`
  const slots = new Map(rows.map((row) => [row.gpu_id, row.slot]))
  const abandoned = rows.filter((row) => !ids.includes(row.gpu_id))
  for (const gpu of gpus.toSorted((a, b) => a.index - b.index)) {
    if (slots.has(gpu.id)) continue
    const taken = new Set(slots.values())
    let since = new Date(0)
    let slot = taken.has(gpu.index) || gpu.index >= MAX_SLOTS ? lowestFree(taken) : gpu.index
    if (slot === null) {
      const oldest = abandoned.shift()
      if (!oldest) continue
      await tx.$executeRaw`delete from telemetry.gpu_slot where gpu_id = ${oldest.gpu_id}`
      slots.delete(oldest.gpu_id)
      slot = oldest.slot
      since = sys.now()
    }
    slots.set(gpu.id, slot)
    await tx.$executeRaw`insert into telemetry.gpu_slot (gpu_id, node, slot, since) values (${gpu.id}, ${nodeNum}, ${slot}, ${since})`
  }
  return new Map([...slots].filter(([id]) => ids.includes(id)))
}

function lowestFree(taken: ReadonlySet<number>): number | null {
  for (let slot = 0; slot < MAX_SLOTS; slot++) if (!taken.has(slot)) return slot
  return null
}
