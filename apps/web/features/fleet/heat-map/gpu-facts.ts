import type { SlotTable } from '@clawbernetes/protocol/views/fleet'
import type { GpuFacts } from './metric-bins'

const PRICE_LABEL = 'price-per-gpu-hour-usd'
const NO_FACTS: GpuFacts = { slowdownTempC: null, priceMicroUsd: null }

/** What does not change from frame to frame, by place. */
export function factsByPlace(table: SlotTable): (place: number) => GpuFacts {
  const facts: GpuFacts[] = []
  for (const node of table.nodes) {
    const label = node.labels[PRICE_LABEL]
    const price = label && /^\d+(\.\d+)?$/.test(label) ? Math.round(Number(label) * 1_000_000) : null
    node.gpus.forEach((gpu, index) => {
      facts[node.offset + index] = { slowdownTempC: gpu.slowdownTempC, priceMicroUsd: price }
    })
  }
  return (place) => facts[place] ?? NO_FACTS
}
