import { freshnessOf } from '@clawbernetes/domain/telemetry/freshness'
import { decodeGpu } from '@clawbernetes/domain/telemetry/layout'
import { throttleWords } from '@clawbernetes/domain/fleet/throttle-words'
import type { GpuReading } from '@clawbernetes/protocol/views/gpu'
import type { Freshness, HostReading } from '@clawbernetes/protocol/views/node'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'
import { latestRows } from './latest-rows'

export const readLatestInput = z.object({ nodeId: z.string().max(60).optional() })

export interface LatestValues {
  nodeId: string
  sample: Freshness
  /** null: never reported. */
  host: HostReading | null
  gpus: { gpuId: string; index: number; reading: GpuReading }[]
}

/** The last values of each node with their age. Stale ones are the last known, to be shown as such. */
export async function readLatest({
  ctx,
  input = {},
}: {
  ctx: Ctx
  input?: z.input<typeof readLatestInput>
}): Promise<LatestValues[]> {
  requirePermission(ctx, 'read')
  const { nodeId } = parseInput(readLatestInput, input)
  const nodes = await ctx.db.node.findMany({
    where: { orgId: ctx.actor.orgId, removedAt: null, ...(nodeId ? { id: nodeId } : {}) },
    select: { id: true, num: true, gpus: { select: { id: true, index: true }, orderBy: { index: 'asc' } } },
    orderBy: { name: 'asc' },
  })
  if (nodeId && nodes.length === 0) throw notFound('node')
  const nums = nodes.map((node) => node.num)
  const [latest, slotRows] = await Promise.all([
    latestRows(ctx.db, nums),
    ctx.db.$queryRaw<
      { gpu_id: string; slot: number }[]
    >`select gpu_id, slot from telemetry.gpu_slot where node = any(${nums})`,
  ])
  const slots = new Map(slotRows.map((row) => [row.gpu_id, row.slot]))
  const nowMs = ctx.now().getTime()
  return nodes.map((node) => {
    const row = latest.get(node.num)
    return {
      nodeId: node.id,
      sample: freshnessOf(row?.atMs ?? null, nowMs),
      host: row?.host ?? null,
      gpus: node.gpus.map((gpu) => {
        const values = decodeGpu(row?.gpus ?? [], slots.get(gpu.id) ?? 32)
        return {
          gpuId: gpu.id,
          index: gpu.index,
          reading: { ...values, throttleReasons: throttleWords(values.throttleMask) },
        }
      }),
    }
  })
}
