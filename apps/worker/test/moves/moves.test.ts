import { cancelPlan } from '@clawbernetes/services/plans/cancel-plan'
import { requestStop } from '@clawbernetes/services/workloads/request-stop'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { job, type MoveWorld, moveWorld, training } from './move-world'

let world: MoveWorld
beforeEach(async () => {
  world = await moveWorld()
})
afterEach(() => world.close())

const state = async (planId: string) => {
  const plan = await world.plan(planId)
  return `${plan.state}${plan.stateReason ? `: ${plan.stateReason}` : ''}`
}
const openReplicas = (name: string) => world.db.replica.count({ where: { workload: { name }, closedAt: null } })
const replicaOf = async (name: string) => {
  const { id } = await world.db.replica.findFirstOrThrow({ where: { workload: { name }, closedAt: null } })
  return id
}

describe('moving a training', () => {
  it('saves it, ends it, starts it in its new place, sees it train, and frees the old one', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    const plan = await world.propose('move train-a to node-03')
    expect(plan.content.title).toBe('Move train-a to node-03')
    expect(plan.content.cost).toMatchObject({
      perHourMicroUsd: 2_200_000,
      arithmetic: 'train-a $3.60/h → $5.80/h: +$2.20/h',
    })
    expect(plan.content.warnings.join(' ')).toContain('A100-80GB to H100-80GB')
    expect(plan.content.changes.map((c) => c.after)).toContain('node-03, 2 × H100-80GB')
    expect(await world.approve(plan)).toBe('approved')
    await world.nodes.settle()
    expect(await state(plan.id)).toBe('succeeded')
    expect(await world.where('train-a')).toBe('running on node-03')
    expect([await world.held('node-01'), await world.held('node-03')]).toEqual([0, 2])
    expect(world.nodes.history).toEqual([
      'start train-a on node-01',
      'checkpoint on node-01',
      'probe-paths on node-03',
      'end train-a on node-01',
      'start train-a on node-03',
    ])
    expect((await world.plan(plan.id)).outcome?.text).toContain(
      'train-a moved from node-01 to node-03 and resumed at step 2,300.',
    )
    const undo = (await world.plan(plan.id)).content.undo
    expect(undo.tool).toEqual({ name: 'migrate_workload', args: { workload: 'train-a', to_node: 'node-01' } })
  })

  it('comes back where it was when it does not start in the new place', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    world.nodes.behaviour.failsOn.add('node-03')
    const plan = await world.propose('move train-a to node-03')
    await world.approve(plan)
    await world.nodes.settle()
    expect(await state(plan.id)).toContain('failed: train-a did not start on node-03')
    expect((await world.plan(plan.id)).outcome?.text).toContain('train-a goes back to node-01')
    expect(await world.where('train-a')).toBe('running on node-01')
    expect([await world.held('node-01'), await world.held('node-03')]).toEqual([2, 0])
    expect(await openReplicas('train-a')).toBe(1)
    expect(world.nodes.most.get('train-a')).toBe(1)
  })

  it('waits for a failed new place to be empty before the old one starts', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    const plan = await world.propose('move train-a to node-03')
    await world.approve(plan)
    // Up to the start on node-03, which then neither runs nor ends.
    while (!world.nodes.history.includes('end train-a on node-01')) {
      await world.runDueJobs()
      await world.nodes.round()
    }
    world.nodes.behaviour.silent.add('node-03')
    await world.runDueJobs()
    expect(await world.where('train-a')).toContain('node-03')
    await cancelPlan({ ctx: world.ana, input: { planId: plan.id } })
    await world.nodes.settle()
    expect(await state(plan.id)).toContain('cancelled')
    // node-03 may still start it: nothing runs anywhere else until it has said that it ended.
    expect(await world.where('train-a')).toBe('starting on node-03')
    expect(await world.held('node-01')).toBe(2)
    world.nodes.behaviour.silent.clear()
    await world.nodes.settle()
    expect(await world.where('train-a')).toBe('running on node-01')
    expect([await world.held('node-01'), await world.held('node-03')]).toEqual([2, 0])
    expect(world.nodes.most.get('train-a')).toBe(1)
  })

  it('stops nothing when its checkpoint fails, or when the new node cannot see it', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    world.nodes.behaviour.checkpoint = { failed: 'No newer checkpoint within 180 s: the newest is still step 900.' }
    const first = await world.propose('move train-a to node-03')
    await world.approve(first)
    await world.nodes.settle()
    expect(await state(first.id)).toContain('train-a was not stopped: no newer checkpoint')
    world.nodes.behaviour.checkpoint = { step: 2300 }
    world.nodes.behaviour.blind.add('node-03')
    const second = await world.propose('move train-a to node-03')
    await world.approve(second)
    await world.nodes.settle()
    expect(await state(second.id)).toContain('they share no storage')
    expect(world.nodes.history.filter((h) => h.startsWith('end'))).toEqual([])
    expect(await world.where('train-a')).toBe('running on node-01')
    expect([await world.held('node-01'), await world.held('node-03')]).toEqual([2, 0])
    expect((await world.db.workload.findFirstOrThrow({ where: { name: 'train-a' } })).movingPlan).toBeNull()
  })

  it('leaves alone what a person stops meanwhile, and what ends by itself', async () => {
    const workloadId = await world.run('train-a', 'node-01', training('train-a', 2))
    const plan = await world.propose('move train-a to node-03')
    await world.approve(plan)
    while (!world.nodes.history.includes('checkpoint on node-01')) {
      await world.runDueJobs()
      await world.nodes.round()
    }
    await requestStop(world.sys, { orgId: world.orgId, workloadId, reason: 'Ana stopped it.' })
    await world.nodes.settle()
    expect(await state(plan.id)).toContain('failed')
    expect(await world.where('train-a')).toBe('stopped')
    expect([await world.held('node-01'), await world.held('node-03')]).toEqual([0, 0])

    await world.run('train-b', 'node-01', training('train-b', 1))
    const other = await world.propose('move train-b to node-02')
    await world.approve(other)
    await world.runDueJobs()
    await world.nodes.endByItself(await replicaOf('train-b'), 0)
    await world.nodes.settle()
    expect(await state(other.id)).toBe('succeeded')
    expect(await world.where('train-b')).toBe('succeeded')
    expect([await world.held('node-01'), await world.held('node-02')]).toEqual([0, 0])
  })

  it('is moved by one plan at a time', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    const first = await world.propose('move train-a to node-03')
    await world.approve(first)
    await world.runDueJobs()
    const second = await world.propose('restart train-a')
    expect(await world.approve(second)).toBe('approved')
    await world.runDueJobs()
    expect(await state(second.id)).toBe('stale: train-a is being moved by another plan.')
    await world.nodes.settle()
    expect(await state(first.id)).toBe('succeeded')
    expect(await world.where('train-a')).toBe('running on node-03')
  })
})

describe('draining a node', () => {
  it('refuses to break anything: what has no place is named, with what would work', async () => {
    await world.run('big', 'node-03', training('big', 8, { gpuModel: 'H100-80GB' }))
    const answer = await world.say('drain node-03')
    expect(answer.text).toContain("I can't drain node-03 without breaking something: big has no place")
    expect(answer.blocks.map((b) => b.type)).toEqual(['reasons', 'choice'])
    expect(await world.db.plan.count()).toBe(0)
  })

  it('turns stale, and nothing moves, when the place was lost before the approval', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2, { gpuModel: 'A100-80GB' }))
    const plan = await world.propose('drain node-01')
    expect(plan.content.changes.find((c) => c.label === 'train-a')?.after).toContain('node-02')
    await world.run('other', 'node-02', training('other', 4))
    expect(await world.approve(plan)).toBe('stale')
    await world.nodes.settle()
    expect(await world.where('train-a')).toBe('running on node-01')
    expect((await world.db.node.findFirstOrThrow({ where: { name: 'node-01' } })).cordonedAt).toBeNull()
  })

  it('turns stale, and nothing moves, when the place was lost between approval and start', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2, { gpuModel: 'A100-80GB' }))
    const plan = await world.propose('drain node-01')
    await world.approve(plan)
    await world.db.gpu.updateMany({
      where: { node: { name: 'node-02' } },
      data: { health: 'failed', healthReason: 'XID 79' },
    })
    await world.nodes.settle()
    expect(await state(plan.id)).toContain('stale')
    expect(await world.where('train-a')).toBe('running on node-01')
    expect(await world.held('node-02')).toBe(0)
  })

  it('turns stale when something else runs there by now', async () => {
    await world.run('train-a', 'node-01', training('train-a', 1))
    const plan = await world.propose('drain node-01')
    await world.run('late', 'node-01', training('late', 1))
    expect(await world.approve(plan)).toBe('stale')
    expect((await world.plan(plan.id)).stateReason).toContain('What runs on node-01: was train-a, is late, train-a')
  })

  it('keeps a service serving: its replacement is ready before the old one ends', async () => {
    await world.run('api', 'node-01', job('service'))
    const plan = await world.propose('drain node-01')
    await world.approve(plan)
    await world.nodes.settle()
    expect(await state(plan.id)).toBe('succeeded')
    expect(world.nodes.history.slice(1)).toEqual(['start api on node-02', 'end api on node-01'])
    const events = await world.db.event.findMany({ where: { kind: 'workload.status', room: `org:${world.orgId}` } })
    const statuses = events.map((e) => (e.data as { status: string }).status)
    expect(statuses.slice(statuses.indexOf('running')).every((s) => s === 'running')).toBe(true)
    const [replica] = await world.db.replica.findMany({ where: { workload: { name: 'api' }, closedAt: null } })
    expect(replica?.ordinal).toBe(0)
    expect([await world.held('node-01'), await world.held('node-02')]).toEqual([0, 1])
  })

  it('brings back the one that fails, and leaves those that have moved', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2, { gpuModel: 'A100-80GB' }))
    await world.run('batch-b', 'node-01', { ...job(), placement: { ...job().placement, gpuModel: 'A100-80GB' } })
    const plan = await world.propose('drain node-01')
    await world.approve(plan)
    while (!world.nodes.history.includes('start train-a on node-02')) {
      await world.runDueJobs()
      await world.nodes.round()
    }
    world.nodes.behaviour.failsOn.add('node-02')
    await world.nodes.settle()
    expect(await state(plan.id)).toContain('failed: batch-b did not start on node-02')
    expect(await world.where('train-a')).toBe('running on node-02')
    expect(await world.where('batch-b')).toBe('running on node-01')
    expect([await world.held('node-01'), await world.held('node-02')]).toEqual([1, 2])
    // A cordon protects: it stays, with its owner and reason.
    expect((await world.db.node.findFirstOrThrow({ where: { name: 'node-01' } })).cordonReason).toContain('ana')
  })

  it('does not run again what has ended, although its batch goes on elsewhere', async () => {
    const id = await world.run('shards', 'node-01', { ...job(), replicas: 2 })
    const [gpu] = await world.db.gpu.findMany({ where: { node: { name: 'node-02' } }, orderBy: { index: 'asc' } })
    const node = await world.db.node.findFirstOrThrow({ where: { name: 'node-02' } })
    const first = await world.db.replica.findFirstOrThrow({ where: { workloadId: id } })
    const other = await world.db.replica.create({
      data: {
        ...first,
        id: 'rep_other',
        nodeId: node.id,
        ordinal: 1,
        createdByStep: null,
        spec: first.spec ?? {},
        endpoints: [],
      },
    })
    await world.db.reservation.create({
      data: {
        id: 'rsv_other',
        orgId: world.orgId,
        gpuId: gpu?.id ?? '',
        nodeId: node.id,
        workloadId: id,
        replicaId: other.id,
      },
    })
    await world.nodes.settle()
    await world.nodes.endByItself(first.id, 0)
    expect(await world.where('shards')).toContain('running on')
    const plan = await world.propose('drain node-01')
    expect(plan.content.affects.workloads).toEqual([])
    await world.approve(plan)
    await world.nodes.settle()
    expect(await state(plan.id)).toBe('succeeded')
    expect(world.nodes.history.filter((h) => h.startsWith('start shards on node-01'))).toHaveLength(1)
  })

  it('makes all nodes ineligible before the first is emptied', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    const plan = await world.propose('drain node-01 and node-02')
    expect(plan.content.steps.slice(0, 2).map((s) => s.title)).toEqual([
      'Keep new work from node-01',
      'Keep new work from node-02',
    ])
    expect(plan.content.changes.find((c) => c.label === 'train-a')?.after).toContain('node-03')
  })
})
