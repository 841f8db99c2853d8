import type { Verdict } from '@clawbernetes/domain/placement/filter'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import type { Block } from '@clawbernetes/protocol/views/blocks'

/** What placement said of every node: the answer to "why there?" and "why not?". */
export function considerBlock(considered: readonly Verdict[], snapshot: FleetSnapshot): Block {
  return {
    type: 'reasons',
    title: 'Nodes considered',
    at: snapshot.at,
    source: 'placement',
    href: '/fleet',
    demo: snapshot.nodes.some((n) => n.demo),
    items: considered
      .slice(0, 60)
      .map((v) => ({ label: v.nodeName, verdict: v.fits ? 'yes' : 'no', reason: v.reason })),
  }
}
