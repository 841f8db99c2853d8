import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FleetWorld, fleetWorld, gpuFacts, joinNode } from '../fleet/testing/fleet-world'
import { createPending } from './create-pending'
import { placePending } from './place-pending'
import { requestStop } from './request-stop'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'

let world: FleetWorld
beforeEach(async () => {
  world = await fleetWorld()
})
afterEach(() => world.close())

const spec = (gpusPerReplica: number): WorkloadSpec => ({
  kind: 'job',
  runtime: 'process',
  image: null,
  command: ['true'],
  env: {},
  workdir: null,
  mounts: [],
  ports: [],
  replicas: 1,
  gpusPerReplica,
  gang: false,
  memoryMib: null,
  cpus: null,
  shmMib: null,
  health: null,
  restart: { policy: 'never', maxRestarts: 0, backoffMs: 0 },
  stop: { signal: 'SIGTERM', graceMs: 1000 },
  checkpoint: null,
  placement: { nodes: null, excludeNodes: [], labels: {}, gpuModel: null },
  training: null,
})
const wait = (name: string, gpus: number) =>
  createPending(world.sys, {
    orgId: world.orgId,
    ownerId: 'usr_a',
    name,
    spec: spec(gpus),
    key: `k:${name}`,
    demo: false,
  })
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
