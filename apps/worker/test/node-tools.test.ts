import { applyInventory } from '@clawbernetes/services/fleet/apply-inventory'
import type { Inventory } from '@clawbernetes/protocol/node/inventory'
import { requestUndo } from '@clawbernetes/services/plans/request-undo'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { undoPlan } from '../src/agent/undo-plan'
import { job, type MoveWorld, moveWorld } from './moves/move-world'

let world: MoveWorld
beforeEach(async () => {
  world = await moveWorld()
})
afterEach(() => world.close())

const labelsOf = async (name: string) =>
  (await world.db.node.findFirstOrThrow({ where: { name } })).labels as Record<string, string>
const finish = async (planId: string) => {
  await world.nodes.settle()
  const plan = await world.plan(planId)
  return `${plan.state}${plan.stateReason ? `: ${plan.stateReason}` : ''}`
}

describe('a label, which is low risk', () => {
  it('is set at once, told with its undo, and taken back by words and by the button', async () => {
    const plan = await world.propose('label node-02 pool=research')
    expect(plan.state).toBe('approved')
    expect(plan.risk).toBe('low')
    expect(await finish(plan.id)).toBe('succeeded')
    expect(await labelsOf('node-02')).toMatchObject({ pool: 'research' })
    const receipt = await world.plan(plan.id)
    expect(receipt.rights.undo).toBe(true)
    expect(receipt.outcome?.text).toContain('node-02: pool = research.')

    const undone = await world.propose('undo that')
    expect(undone.state).toBe('approved')
    expect(await finish(undone.id)).toBe('succeeded')
    expect(await labelsOf('node-02')).not.toHaveProperty('pool')

    const again = await world.propose('label node-02 pool=train')
    await world.nodes.settle()
    await requestUndo({ ctx: world.ana, input: { planId: again.id } })
    await undoPlan(world.sys, { planId: again.id, userId: 'usr_ana' })
    await world.nodes.settle()
    expect(await labelsOf('node-02')).not.toHaveProperty('pool')
  })

  it('the receipt of the old plan names the one that takes it back, or why there is none, for everybody who looks', async () => {
    const plan = await world.propose('label node-02 pool=train')
    await world.nodes.settle()
    const asked = { planId: plan.id, userId: 'usr_ana' }
    const told = () => world.db.event.count({ where: { room: `plan:${plan.id}` } })

    await world.db.orgSettings.update({ where: { organizationId: world.orgId }, data: { frozenAt: new Date() } })
    await undoPlan(world.sys, asked)
    expect((await world.plan(plan.id)).stateReason).toMatch(/^No plan to undo it was made: .*emergency stop/)
    await world.db.orgSettings.update({
      where: { organizationId: world.orgId },
      data: { frozenAt: null, policyPreset: 'cautious' },
    })

    await requestUndo({ ctx: world.ana, input: { planId: plan.id } })
    expect((await world.plan(plan.id)).stateReason).toBeNull()
    const before = await told()
    await undoPlan(world.sys, asked)
    await undoPlan(world.sys, asked)
    expect(await told()).toBeGreaterThan(before)
    const receipt = await world.plan(plan.id)
    expect(receipt).toMatchObject({ successor: { state: 'proposed' }, rights: { undo: false }, stateReason: null })
    expect(await world.db.plan.count({ where: { parentId: plan.id } })).toBe(1)
    await expect(requestUndo({ ctx: world.ana, input: { planId: plan.id } })).rejects.toThrow(
      `${receipt.successor?.label} takes ${plan.label} back: it waits for approval.`,
    )
  })

  it('outlives what the node reports of itself, and gives way where it is taken back', async () => {
    await world.propose('label node-02 rack=b7')
    await world.nodes.settle()
    const node = await world.db.node.findFirstOrThrow({ where: { name: 'node-02' } })
    const inventory = { ...(node.inventory as unknown as Inventory), labels: { rack: 'a1', zone: 'z1' } }
    await world.db.$transaction((tx) => applyInventory(tx, world.sys, node, inventory))
    expect(await labelsOf('node-02')).toMatchObject({ rack: 'b7', zone: 'z1' })
  })

  it('asks first where the policy is cautious', async () => {
    await world.db.orgSettings.upsert({
      where: { organizationId: world.orgId },
      create: { organizationId: world.orgId, policyPreset: 'cautious' },
      update: { policyPreset: 'cautious' },
    })
    const plan = await world.propose('label node-02 pool=research')
    expect(plan.state).toBe('proposed')
    expect(await labelsOf('node-02')).not.toHaveProperty('pool')
  })
})

describe('taking a node or a GPU out of service', () => {
  it('cordons with owner, reason and an end, and uncordons', async () => {
    const plan = await world.propose('cordon node-02')
    expect(plan.risk).toBe('medium')
    await world.approve(plan)
    expect(await finish(plan.id)).toBe('succeeded')
    const node = await world.db.node.findFirstOrThrow({ where: { name: 'node-02' } })
    expect([node.cordonedBy, node.cordonExpiresAt !== null]).toEqual(['usr_ana', true])
    expect(node.cordonReason).toContain('Cordoned by ana')
    expect((await world.say('cordon node-02')).text).toContain('takes no new work already')
    const back = await world.propose('uncordon node-02')
    await world.approve(back)
    expect(await finish(back.id)).toBe('succeeded')
    expect((await world.db.node.findFirstOrThrow({ where: { name: 'node-02' } })).cordonedAt).toBeNull()
  })

  it('isolates one GPU, leaves what runs on it, and returns it', async () => {
    await world.run('batch-b', 'node-01', job())
    const plan = await world.propose('isolate gpu 0 on node-01')
    expect(plan.content.warnings).toEqual(['batch-b runs on it and goes on.'])
    await world.approve(plan)
    expect(await finish(plan.id)).toBe('succeeded')
    expect(await world.where('batch-b')).toBe('running on node-01')
    const gpu = () => world.db.gpu.findFirstOrThrow({ where: { node: { name: 'node-01' }, index: 0 } })
    expect((await gpu()).health).toBe('quarantined')
    const back = await world.propose('undo that')
    expect(back.content.title).toBe('Return GPU 0 of node-01 to service')
    await world.approve(back)
    expect(await finish(back.id)).toBe('succeeded')
    expect((await gpu()).health).toBe('ok')
  })

  it('turns stale when somebody was faster', async () => {
    const plan = await world.propose('isolate gpu 1 on node-01')
    await world.db.gpu.updateMany({
      where: { node: { name: 'node-01' }, index: 1 },
      data: { health: 'failed', healthReason: 'XID 79' },
    })
    expect(await world.approve(plan)).toBe('stale')
    expect((await world.plan(plan.id)).stateReason).toContain(
      'GPU 1 of node-01 is in service: was in service, is XID 79',
    )
  })
})

describe('rights, looked at again when it runs', () => {
  const asBen = async (role: 'operator' | 'approver') => world.member(role, 'ben')
  const decideAs = async (ctx: MoveWorld['ana'], planId: string) => {
    const { decide } = await import('@clawbernetes/services/approvals/decide')
    const plan = await world.plan(planId)
    return decide({ ctx, input: { planId, revision: plan.revision, digest: plan.digest, decision: 'approve' } })
  }
  const cordoned = async () => (await world.db.node.findFirstOrThrow({ where: { name: 'node-02' } })).cordonedAt

  it('fails, and changes nothing, when the one who approved was demoted before it ran', async () => {
    const ben = await asBen('approver')
    const plan = await world.propose('cordon node-02')
    await decideAs(ben, plan.id)
    await world.db.member.update({ where: { id: 'mem_ben' }, data: { role: 'viewer' } })
    expect(await finish(plan.id)).toMatch(/^failed: .*ben/)
    expect(await cordoned()).toBeNull()
  })

  it('fails, and changes nothing, when the one who approved was removed before it ran', async () => {
    const ben = await asBen('approver')
    const plan = await world.propose('cordon node-02')
    await decideAs(ben, plan.id)
    await world.db.member.delete({ where: { id: 'mem_ben' } })
    expect(await finish(plan.id)).toMatch(/^failed: .*no longer a member/)
    expect(await cordoned()).toBeNull()
  })

  it('fails, and changes nothing, when the one who asked was demoted before it ran', async () => {
    const ben = await asBen('approver')
    const plan = await world.propose('cordon node-02')
    await decideAs(ben, plan.id)
    await world.db.member.update({ where: { id: 'mem_ana' }, data: { role: 'viewer' } })
    expect(await finish(plan.id)).toContain('failed')
    expect(await cordoned()).toBeNull()
  })

  it('goes stale when the node left the fleet in between, and tells a viewer why they may not ask', async () => {
    const plan = await world.propose('cordon node-02')
    await world.db.node.updateMany({ where: { name: 'node-02' }, data: { removedAt: new Date(), name: 'node-02~2' } })
    expect(await world.approve(plan)).toBe('stale')
    const viewer = await world.member('viewer', 'vera')
    world.threadId = null
    const answer = await world.say('cordon node-01', viewer)
    expect(answer.text).toContain('you need the role operator; yours is viewer')
    expect(answer.blocks.some((b) => b.type === 'plan')).toBe(false)
  })
})
