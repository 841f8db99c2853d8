import { gpuState } from '@clawbernetes/domain/fleet/gpu-state'
import { STALE_AFTER_MS } from '@clawbernetes/domain/telemetry/freshness'
import { decodeGpu, METRICS_PER_GPU } from '@clawbernetes/domain/telemetry/layout'
import { FRAME_NO_DATA, FRAME_SCALE, FRAME_STATES, type FleetFrame } from '@clawbernetes/protocol/views/fleet'
import type { GpuHealth } from '@clawbernetes/protocol/views/gpu'
import { type Ctx, requirePermission } from '../context'
import { fleetSlots, type SlotNode, slotVersion } from './fleet-slots'

/** All GPUs of the organisation now, a byte per metric; 255 where nothing is known now: not reported, stale, offline. */
export async function readFrame({ ctx }: { ctx: Ctx }): Promise<FleetFrame> {
  requirePermission(ctx, 'read')
  const nodes = await fleetSlots(ctx)
  const nowMs = ctx.now().getTime()
  const rows = await ctx.db.$queryRaw<{ node: number; gpus: string }[]>`
    select node, gpus::text as gpus from telemetry.latest
    where node = any(${nodes.map((node) => node.num)}) and at > ${new Date(nowMs - STALE_AFTER_MS)}`
  const latest = new Map(rows.map((row) => [row.node, parseArray(row.gpus)]))
  const length = nodes.reduce((all, node) => all + node.gpuIds.length, 0)
  const empty = () => new Uint8Array(length).fill(FRAME_NO_DATA)
  const frame: FleetFrame = {
    version: slotVersion(nodes),
    atMs: nowMs,
    length,
    util: empty(),
    mem: empty(),
    temp: empty(),
    power: empty(),
    state: empty(),
  }
  let place = 0
  for (const node of nodes) {
    const values = node.status === 'online' ? latest.get(node.num) : undefined
    for (const i of node.gpuIds.keys()) fillPlace(frame, place++, node, i, values)
  }
  return frame
}

function fillPlace(
  frame: FleetFrame,
  place: number,
  node: SlotNode,
  i: number,
  values: (number | null)[] | undefined,
): void {
  frame.state[place] = FRAME_STATES.indexOf(
    gpuState({
      health: node.health[i] as GpuHealth,
      readability: node.readability[i] ?? 'ok',
      missing: node.missing[i] ?? false,
      allocated: node.held[i] ?? false,
      reporting: values !== undefined,
      cordoned: node.cordoned,
    }),
  )
  const slot = node.slots[i]
  if (!values || slot === undefined || values.length < (slot + 1) * METRICS_PER_GPU) return
  const { utilPct, memUsedMib, tempC, powerW } = decodeGpu(values, slot)
  frame.util[place] = byteOf(utilPct, FRAME_SCALE.util)
  frame.mem[place] = byteOf(share(memUsedMib, node.memoryMib[i]), FRAME_SCALE.mem)
  frame.temp[place] = byteOf(tempC, FRAME_SCALE.temp)
  frame.power[place] = byteOf(share(powerW, node.powerLimitW[i]), FRAME_SCALE.power)
}

const share = (value: number | null, of: number | null | undefined): number | null =>
  value === null || !of ? null : (100 * value) / of

function byteOf(value: number | null, scale: number): number {
  return value === null ? FRAME_NO_DATA : Math.max(0, Math.min(FRAME_NO_DATA - 1, Math.round(value * scale)))
}

/** Postgres' own text of a small-integer array; faster than the driver's general parser where thousands are read. */
function parseArray(text: string): (number | null)[] {
  return text.length <= 2
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((item) => (item === 'NULL' ? null : Number(item)))
}
