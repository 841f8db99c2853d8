import { workloadSpecOf } from '@clawbernetes/domain/workloads/workload-spec-of'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FleetWorld, fleetWorld, gpuFacts, joinNode } from '../fleet/testing/fleet-world'
import { createPending } from './create-pending'
import { placePending } from './place-pending'
import { requestStop } from './request-stop'

let world: FleetWorld
beforeEach(async () => {
  world = await fleetWorld()
})
afterEach(() => world.close())

const spec = (gpusPerReplica: number) => workloadSpecOf({ runtime: 'process', command: ['true'], gpusPerReplica })
const wait = (name: string, gpus: number) =>
  createPending(world.sys, {
    orgId: world.orgId,
    ownerId: 'usr_a',
    name,
    spec: spec(gpus),
    key: `k:${name}`,
    demo: false,
  })
/** Until a statement of this database waits for another transaction. */
async function untilBlocked(): Promise<void> {
  for (const deadlineMs = Date.now() + 10_000; Date.now() < deadlineMs; await new Promise(setImmediate)) {
    const [row] = await world.db.$queryRaw<{ blocked: number }[]>`
      select count(*)::int as blocked from pg_stat_activity
      where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`
    if (row && row.blocked > 0) return
  }
  throw new Error('nothing waited')
}
const statusOf = async (name: string) => world.db.workload.findFirstOrThrow({ where: { name } })

describe('placePending', () => {
  it('places the queue in its order, each GPU once, and says why the rest waits', async () => {
    await joinNode(world, { gpus: [0, 1, 2, 3].map((i) => gpuFacts(i)) })
    for (let i = 0; i < 6; i++) await wait(`job-${i}`, 1)
    await wait('large', 8)
    expect(await placePending(world.sys)).toBe(4)
    const claims = await world.db.reservation.findMany({ where: { releasedAt: null } })
    expect(new Set(claims.map((c) => c.gpuId)).size).toBe(4)
    expect((await statusOf('job-3')).status).toBe('starting')
    expect(await statusOf('job-4')).toMatchObject({ status: 'pending' })
    expect((await statusOf('large')).statusReason).toContain('it has 4 GPUs, 8 needed on one node')
  })

  it('places once when several processes look at the same moment', async () => {
    await joinNode(world, { gpus: [0, 1, 2, 3].map((i) => gpuFacts(i)) })
    for (let i = 0; i < 4; i++) await wait(`job-${i}`, 1)
    const placed = await Promise.all([placePending(world.sys), placePending(world.sys), placePending(world.sys)])
    expect(placed.reduce((a, b) => a + b)).toBe(4)
    expect(await world.db.replica.count()).toBe(4)
  })

  it('leaves a GPU to a claim that was faster, and looks again', async () => {
    await joinNode(world, { gpus: [gpuFacts(0), gpuFacts(1)] })
    const { workloadId } = await wait('slower', 2)
    const gpu = await world.db.gpu.findFirstOrThrow({ where: { index: 1 } })
    const claim = { id: 'rsv_faster', orgId: world.orgId, gpuId: gpu.id, nodeId: gpu.nodeId, workloadId: 'wl_other' }
    const round = await world.db.$transaction(async (tx) => {
      await tx.reservation.create({ data: claim })
      const placing = placePending(world.sys)
      // It has read the fleet without the claim and now waits for it at the index.
      await untilBlocked()
      return { placing }
    })
    expect(await round.placing).toBe(0)
    expect(await world.db.replica.count()).toBe(0)
    expect(await placePending(world.sys)).toBe(0)
    expect((await world.db.workload.findUniqueOrThrow({ where: { id: workloadId } })).statusReason).toContain(
      '1 of 2 GPUs',
    )
    await world.db.reservation.update({ where: { id: claim.id }, data: { releasedAt: new Date() } })
    expect(await placePending(world.sys)).toBe(1)
  })

  it('makes no noise while nothing moves, and goes on when GPUs become free', async () => {
    await joinNode(world, { gpus: [gpuFacts(0)] })
    const first = await wait('first', 1)
    await wait('second', 1)
    await placePending(world.sys)
    const events = await world.db.event.count()
    await placePending(world.sys)
    await placePending(world.sys)
    expect(await world.db.event.count()).toBe(events)
    await requestStop(world.sys, { orgId: world.orgId, workloadId: first.workloadId, reason: 'test' })
    await world.db.reservation.updateMany({ where: { workloadId: first.workloadId }, data: { releasedAt: new Date() } })
    expect(await placePending(world.sys)).toBe(1)
    expect((await statusOf('second')).status).toBe('starting')
  })
})
