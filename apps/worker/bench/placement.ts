import { type Queued, placeQueue } from '@clawbernetes/domain/placement/place-queue'
import { placementRequest } from '@clawbernetes/domain/workloads/placement-request'
import { readSnapshot } from '@clawbernetes/services/placement/read-snapshot'
import { openSystem } from '@clawbernetes/services/system-context'
import { placePending } from '@clawbernetes/services/workloads/place-pending'
import { insertFleet, submit, trivial } from './queue'

const COMMAND = 'npm run bench -- placement'
const NODES = 1000
/** kube-scheduler 1.20 with apiserver and etcd, pods with one GPU each, on a machine of two cores. */
const KUBE_PODS_PER_S = 176

/** Placements with their durable commit, on 1,000 nodes × 8 GPUs. */
export async function* placementRows(databaseUrl: string, quick: boolean) {
  const { sys, close } = openSystem(databaseUrl, 10)
  const orgId = 'org_bench'
  try {
    await sys.db.organization.create({ data: { id: orgId, name: 'Bench', slug: 'bench' } })
    await insertFleet(sys.db, orgId, NODES)
    const singles = quick ? 500 : 3000
    await submit(sys, orgId, singles, 8, trivial(1))
    const began = performance.now()
    const placed = await placePending(sys)
    const perS = placed / ((performance.now() - began) / 1000)
    yield {
      figure: `placements/s with commit, 1 GPU each, ${NODES} × 8`,
      value: `${Math.round(perS)} /s (${placed} of ${singles})`,
      peer: `kube-scheduler ${KUBE_PODS_PER_S} /s (measured elsewhere)`,
      ratio: `${(perS / KUBE_PODS_PER_S).toFixed(1)}×`,
      bar: '≥ 10×',
      met: perS >= KUBE_PODS_PER_S * 10,
      command: COMMAND,
    }
    const gangs = quick ? 20 : 100
    await submit(sys, orgId, gangs, 8, trivial(8, 4))
    const gangBegan = performance.now()
    const gangsPlaced = await placePending(sys)
    const gangMs = performance.now() - gangBegan
    yield {
      figure: 'gangs of 4 × 8 GPUs/s with commit',
      value: `${((gangsPlaced / gangMs) * 1000).toFixed(0)} /s (${gangsPlaced} of ${gangs})`,
      command: COMMAND,
    }
    const snapshot = await readSnapshot(sys.db, orgId, sys.now())
    const queue: Queued[] = Array.from({ length: 100 }, (_, i) => ({
      id: `q${i}`,
      request: placementRequest(trivial((i % 4) + 1)),
    }))
    const decideBegan = performance.now()
    placeQueue(queue, snapshot)
    yield {
      figure: `one decision over ${NODES} nodes, shapes mixed, no commit`,
      value: `${((performance.now() - decideBegan) / queue.length).toFixed(1)} ms`,
      command: COMMAND,
    }
  } finally {
    await close()
  }
}
