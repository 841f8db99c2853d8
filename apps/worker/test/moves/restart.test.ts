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
