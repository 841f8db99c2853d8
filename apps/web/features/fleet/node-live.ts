import type { FleetFrame, SlotTable } from '@clawbernetes/protocol/views/fleet'
import { isCritical, stateAt, valueAt } from './heat-map/metric-bins'

/** What a frame says of one node. null: none of its GPUs reported. */
export type NodeLive = {
  utilPct: number | null
  memPct: number | null
  maxTempC: number | null
  allocated: number
  reporting: number
  critical: number
}

/** Per node id; empty when the frame belongs to another version of the table. */
export function liveByNode(table: SlotTable, frame: FleetFrame): Map<string, NodeLive> {
  if (table.version !== frame.version) return new Map()
  return new Map(table.nodes.map((node) => [node.nodeId, nodeLive(frame, node.offset, node.gpus.length)]))
}

export function nodeLive(frame: FleetFrame, offset: number, gpus: number): NodeLive {
  const places = Array.from({ length: gpus }, (_, index) => offset + index)
  const known = (metric: 'util' | 'mem' | 'temp') =>
    places.map((place) => valueAt(frame, metric, place)).filter((value): value is number => value !== null)
  const mean = (values: number[]) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  const temps = known('temp')
  const states = places.map((place) => stateAt(frame, place))
  return {
    utilPct: mean(known('util')),
    memPct: mean(known('mem')),
    maxTempC: temps.length === 0 ? null : Math.max(...temps),
    allocated: states.filter((state) => state === 'allocated').length,
    reporting: states.filter((state) => state !== 'no-data' && state !== 'missing').length,
    critical: states.filter(isCritical).length,
  }
}
