import { PRICE_LABEL, priceMicroUsd, usd } from '@clawbernetes/domain/market/price'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'

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
    const price = priceMicroUsd(node?.labels[PRICE_LABEL])
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
