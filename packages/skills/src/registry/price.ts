import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'

/** Label on a node that says what an hour of one of its GPUs costs, in dollars. */
export const PRICE_LABEL = 'price-per-gpu-hour-usd'

/** Price of one GPU-hour on a node in micro-dollars; null when its label does not say. */
export function pricePerGpuHour(labels: Record<string, string>): number | null {
  const usd = Number(labels[PRICE_LABEL] ?? Number.NaN)
  return Number.isFinite(usd) && usd >= 0 ? Math.round(usd * 1e6) : null
}

export interface RunningCost {
  perHourMicroUsd: number | null
  arithmetic: string
}

/** What these places cost an hour, with the arithmetic; unknown as soon as one node has no price. */
export function costOfPlaces(places: readonly ReplicaPlace[], snapshot: FleetSnapshot): RunningCost {
  let total = 0
  const parts: string[] = []
  for (const place of places) {
    const node = snapshot.nodes.find((n) => n.id === place.nodeId)
    const price = node ? pricePerGpuHour(node.labels) : null
    if (price === null)
      return { perHourMicroUsd: null, arithmetic: `unknown: ${place.nodeName} has no label ${PRICE_LABEL}` }
    total += price * place.gpuIds.length
    parts.push(`${place.gpuIds.length} GPU × ${usd(price)}/GPU-h`)
  }
  return {
    perHourMicroUsd: total,
    arithmetic: parts.length === 0 ? 'no GPUs' : `${parts.join(' + ')} = ${usd(total)}/h`,
  }
}

/** "$1.80"; four decimals below ten cents. */
export const usd = (microUsd: number): string => {
  const dollars = microUsd / 1e6
  return `${dollars < 0 ? '−' : ''}$${Math.abs(dollars).toFixed(dollars !== 0 && Math.abs(dollars) < 0.1 ? 4 : 2)}`
}
