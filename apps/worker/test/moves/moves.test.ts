import { cancelPlan } from '@clawbernetes/services/plans/cancel-plan'
import { requestStop } from '@clawbernetes/services/workloads/request-stop'
import { workloadSpec } from '@clawbernetes/protocol/workloads/spec'
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

describe('moving to where it costs less', () => {
  it('takes the cheapest node that has room, says what it saves, and comes back on undo', async () => {
    await world.run('train-a', 'node-03', training('train-a', 2))
    await world.db.node.update({
      where: { orgId_name: { orgId: world.orgId, name: 'node-02' } },
      data: { labels: { 'price-per-gpu-hour-usd': '1.20' } },
    })
    const plan = await world.propose('move train-a to cheaper capacity')
    expect(plan.content.title).toBe('Move train-a to node-02')
    expect(plan.content.changes[0]).toEqual({ label: 'Cost', before: '$5.80/h', after: '$2.40/h' })
    expect(plan.content.cost.perHourMicroUsd).toBe(-3_400_000)
    const last = await world.db.message.findFirstOrThrow({ where: { role: 'agent' }, orderBy: { createdAt: 'desc' } })
    expect(last.text).toContain('It saves $3.40 an hour.')
    await world.approve(plan)
    await world.nodes.settle()
    expect(await world.where('train-a')).toBe('running on node-02')
    expect((await world.propose('undo that')).content.title).toBe('Move train-a to node-03')
  })

  it('goes to the next cheaper one when the cheapest is full, and says so when none is left', async () => {
    await world.run('train-a', 'node-03', training('train-a', 2))
    await world.db.node.update({
      where: { orgId_name: { orgId: world.orgId, name: 'node-02' } },
      data: { labels: { 'price-per-gpu-hour-usd': '1.20' }, cordonedAt: new Date(), cordonReason: 'kept' },
    })
    expect((await world.propose('move train-a to cheaper capacity')).content.title).toBe('Move train-a to node-01')
    await world.db.plan.updateMany({ data: { state: 'withdrawn' } })
    await world.db.node.updateMany({ where: { name: 'node-01' }, data: { cordonedAt: new Date() } })
    const none = await world.say('move train-a to cheaper capacity')
    expect(none.text).toContain(
      'No cheaper place has room for train-a now; cheaper than node-03 ($2.90/GPU-h): node-01 $1.80, node-02 $1.20. Nothing was changed.',
    )
    expect(none.blocks.map((b) => b.type)).toContain('reasons')
  })

  it('says in a sentence that nothing is cheaper, that a price is missing, and that leased capacity comes later', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    expect((await world.say('move train-a to cheaper capacity')).text).toContain(
      'No node with a price is cheaper than node-01 ($1.80/GPU-h). Nothing was changed.',
    )
    await world.db.node.updateMany({ where: { name: 'node-01' }, data: { labels: {} } })
    expect((await world.say('move train-a to cheaper capacity')).text).toContain('node-01 has no price')
    expect((await world.say('move train-a to leased capacity')).text).toContain(
      "I can't move train-a to leased capacity yet",
    )
    expect(await world.db.plan.count()).toBe(0)
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

describe('restarting and resuming', () => {
  it('restarts in its place with other flags, and comes back as it was when that fails', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    const plan = await world.propose('restart train-a with --gradient-checkpointing')
    expect(plan.content.title).toBe('Restart train-a with --gradient-checkpointing')
    await world.approve(plan)
    await world.nodes.settle()
    expect(await state(plan.id)).toBe('succeeded')
    const replica = await world.db.replica.findFirstOrThrow({
      where: { workload: { name: 'train-a' }, closedAt: null },
    })
    expect((replica.spec as { command: string[] }).command).toContain('--gradient-checkpointing')
    expect(await world.held('node-01')).toBe(2)

    const before = await world.db.workload.findFirstOrThrow({ where: { name: 'train-a' } })
    const bad = await world.propose('restart train-a with batch size 64')
    await world.approve(bad)
    while (!world.nodes.history.slice(3).includes('end train-a on node-01')) {
      await world.runDueJobs()
      await world.nodes.round()
    }
    world.nodes.behaviour.failsOn.add('node-01')
    for (let i = 0; i < 40 && !world.nodes.history.includes('fail train-a on node-01'); i++) {
      await world.runDueJobs()
      await world.nodes.round()
    }
    world.nodes.behaviour.failsOn.clear()
    await world.nodes.settle()
    expect(await state(bad.id)).toContain('failed')
    expect(await world.where('train-a')).toBe('running on node-01')
    const after = await world.db.workload.findFirstOrThrow({ where: { name: 'train-a' } })
    expect(after.spec).toEqual(before.spec)
    expect(world.nodes.most.get('train-a')).toBe(1)
  })

  it('sets an environment variable as a new revision, sets it back on undo, and never a secret', async () => {
    await world.run('train-a', 'node-01', { ...training('train-a', 2), env: { LOG_LEVEL: 'info' } })
    const env = async () => {
      const { spec } = await world.db.workload.findFirstOrThrow({ where: { name: 'train-a' } })
      return workloadSpec.parse(spec).env
    }
    const plan = await world.propose('set LOG_LEVEL=debug on train-a')
    expect(plan.risk).toBe('medium')
    expect(plan.content.title).toBe('Set LOG_LEVEL of train-a to debug')
    expect(plan.content.changes[0]).toEqual({ label: 'Environment LOG_LEVEL', before: 'info', after: 'debug' })
    await world.approve(plan)
    await world.nodes.settle()
    expect(await state(plan.id)).toBe('succeeded')
    expect(await env()).toEqual({ LOG_LEVEL: 'debug' })
    expect(await world.where('train-a')).toBe('running on node-01')
    expect(world.nodes.most.get('train-a')).toBe(1)
    const undo = await world.propose('undo that')
    expect(undo.content.title).toBe('Set LOG_LEVEL of train-a to info')
    await world.approve(undo)
    await world.nodes.settle()
    expect(await env()).toEqual({ LOG_LEVEL: 'info' })

    const refused = await world.say('set HF_TOKEN=abc on train-a')
    expect(refused.text).toContain('I do not set HF_TOKEN as a plain setting: its name is one of a secret')
    expect(JSON.stringify(refused.blocks)).toContain('store a secret called HF_TOKEN')
  })

  it('restarts what hangs: it is not saved, and goes on from its newest checkpoint', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    world.nodes.behaviour.checkpoint = { failed: 'No newer checkpoint within 60 s: the newest is still step 900.' }
    const plan = await world.propose('restart train-a with --gradient-checkpointing')
    expect(plan.content.changes.find((c) => c.label === 'train-a goes on from')?.after).toContain(
      'if it does not answer',
    )
    await world.approve(plan)
    await world.nodes.settle()
    expect(await state(plan.id)).toBe('succeeded')
    const saved = (await world.plan(plan.id)).steps.find((s) => s.kind === 'checkpoint-workload')
    expect(saved?.progress).toContain('goes on from its newest checkpoint: no newer checkpoint within 60 s')
    expect(await world.where('train-a')).toBe('running on node-01')
  })

  it('resumes a stopped one under its name, and deletes it for good', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    const stop = await world.propose('stop train-a')
    await world.approve(stop, 'train-a')
    await world.nodes.settle()
    expect(await world.where('train-a')).toBe('stopped')
    const resume = await world.propose('resume train-a from the last checkpoint')
    expect(resume.risk).toBe('medium')
    await world.approve(resume)
    await world.nodes.settle()
    expect(await state(resume.id)).toBe('succeeded')
    expect(await world.where('train-a')).toMatch(/^running on node-0\d$/)
    expect(await world.db.workload.count()).toBe(1)

    const gone = await world.propose('delete train-a')
    expect(gone.risk).toBe('high')
    expect(gone.content.undo.text).toContain('Cannot be undone')
    await world.approve(gone, 'train-a')
    await world.nodes.settle()
    expect(await state(gone.id)).toBe('succeeded')
    expect(await world.db.workload.count({ where: { deletedAt: null } })).toBe(0)
    expect(await world.db.reservation.count({ where: { releasedAt: null } })).toBe(0)
  })

  it('stops several with one plan: exactly those of the card, after the words are typed', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    await world.run('batch-b', 'node-01', job())
    await world.run('other', 'node-02', job())
    const plan = await world.propose('stop everything on node-01')
    expect(plan.content.confirmName).toBe('stop 2 workloads')
    await expect(world.approve(plan, 'train-a')).rejects.toThrow('Type stop 2 workloads')
    await world.approve(plan, 'stop 2 workloads')
    await world.nodes.settle()
    expect(await state(plan.id)).toBe('succeeded')
    expect([await world.where('train-a'), await world.where('batch-b'), await world.where('other')]).toEqual([
      'stopped',
      'stopped',
      'running on node-02',
    ])
  })
})
