import { PRICE_LABEL, priceMicroUsd, usd } from '@clawbernetes/domain/market/price'
import type { Stuck } from '@clawbernetes/domain/placement/plan-moves'
import type { FleetSnapshot, SnapshotNode } from '@clawbernetes/domain/placement/snapshot'
import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'
import type { MovePlan } from './move-steps'
import { planLeaving } from './plan-leaving'

export interface CheaperMove {
  moves: MovePlan[]
}
/** Why there is none, in one sentence, and what placement said of the nodes that would have been cheaper. */
export interface NothingCheaper {
  why: string
  stuck: Stuck[]
}

interface Wish {
  /** Nodes that are left. */
  from: readonly string[]
  /** A node that a person named. */
  to: string | null
  checkpoint: boolean
}

const priceOf = (node: SnapshotNode): number | null => priceMicroUsd(node.labels[PRICE_LABEL])

/**
 * The cheapest places that hold these workloads: only nodes whose GPU hour costs less than on the node that is left. Prices are
 * tried from the lowest up, so that a dear node is not taken while a cheaper one has room. Without prices nothing is guessed.
 */
export function cheaperPlaces(
  live: readonly LiveWorkload[],
  snapshot: FleetSnapshot,
  wish: Wish,
): CheaperMove | NothingCheaper {
  const names = live.map((w) => w.name).join(', ')
  const none = (why: string, stuck: Stuck[] = []): NothingCheaper => ({ why, stuck })
  if (live.every((w) => w.gpus.length === 0))
    return none(`${names} uses no GPUs, and only GPU hours have a price here.`)
  const leaving = snapshot.nodes.filter((n) => wish.from.includes(n.name))
  const unpriced = leaving.find((n) => priceOf(n) === null)
  if (unpriced)
    return none(`I cannot tell what would be cheaper: ${unpriced.name} has no price (label ${PRICE_LABEL}).`)
  const now = Math.min(...leaving.map((n) => priceOf(n) ?? 0))
  const cheaper = snapshot.nodes.filter((n) => {
    const price = priceOf(n)
    return price !== null && price < now && n.gpus.length > 0 && !wish.from.includes(n.name)
  })
  const where = `${wish.from.join(', ')} (${usd(now)}/GPU-h)`
  if (cheaper.length === 0) return none(`No node with a price is cheaper than ${where}.`)
  if (wish.to !== null && !cheaper.some((n) => n.name === wish.to))
    return none(`${wish.to} is not cheaper than ${where}.`)
  let stuck: Stuck[] = []
  for (const limit of [...new Set(cheaper.flatMap((n) => priceOf(n) ?? []))].sort((a, b) => a - b)) {
    const allowed = new Set(cheaper.filter((n) => (priceOf(n) ?? limit) <= limit).map((n) => n.name))
    const planned = planLeaving(live, snapshot, {
      leave: new Set(leaving.map((n) => n.id)),
      to: wish.to,
      exclude: snapshot.nodes.filter((n) => !allowed.has(n.name)).map((n) => n.name),
      checkpoint: wish.checkpoint,
    })
    if (planned.stuck.length === 0) return { moves: planned.moves }
    stuck = planned.stuck
  }
  const tried = cheaper.map((n) => `${n.name} ${usd(priceOf(n) ?? 0)}`).slice(0, 6)
  return none(`No cheaper place has room for ${names} now; cheaper than ${where}: ${tried.join(', ')}.`, stuck)
}
