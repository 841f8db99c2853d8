import type { FleetFrame } from '@clawbernetes/protocol/views/fleet'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { formatPercent, formatPlural, formatTemperature, type TemperatureUnit } from '../../../ui/format'
import { nodeLive } from '../node-live'
import { NODE_CONDITION } from '../node-state'
import type { MapBlock, MapLayout } from './map-layout'

type Subject = {
  block: MapBlock
  layout: MapLayout
  node: NodeListItem | undefined
  frame: FleetFrame | null
  unit: TemperatureUnit
}

/** "node-06, degraded, 8 GPUs, mean 62 %, max 91 °C, row 3 of 25": a block for people who do not see it. */
export function blockWords({ block, layout, node, frame, unit }: Subject): string {
  const live = frame ? nodeLive(frame, block.offset, block.gpuCount) : null
  const values =
    live === null || live.reporting === 0
      ? 'no data'
      : `mean ${formatPercent(live.utilPct)}, max ${formatTemperature(live.maxTempC, unit)}`
  return [
    block.name,
    node ? NODE_CONDITION[node.condition].word.toLowerCase() : null,
    block.cordoned ? 'cordoned' : null,
    formatPlural(block.gpuCount, 'GPU'),
    values,
    live && live.critical > 0 ? `${live.critical} critical` : null,
    `row ${block.row + 1} of ${layout.rows}`,
  ]
    .filter((part) => part !== null)
    .join(', ')
}
