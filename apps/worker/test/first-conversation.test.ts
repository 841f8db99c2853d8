import { decide } from '@clawbernetes/services/approvals/decide'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { applyReplicaStatuses } from '@clawbernetes/services/workloads/apply-replica-status'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentWorld, agentWorld, joinTrainingNodes } from './agent-world'

let world: AgentWorld
beforeEach(async () => {
  world = await agentWorld()
})
afterEach(() => world.close())

const FIRST = 'I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.'
const planOf = (answer: { blocks: { type: string; planId?: string }[] }) =>
  answer.blocks.find((b) => b.type === 'plan')?.planId ?? ''

describe('the first conversation', () => {
  it('answers the first sentence with a card: node-01, 4 GPUs, torchrun, the data read-only', async () => {
    await joinTrainingNodes(world)
    const answer = await world.say(FIRST)
    expect(answer.error).toBeNull()
    expect(answer.tools).toEqual(['deploy_training'])
    const plan = await readPlan({ ctx: world.ctx(), input: { planId: planOf(answer) } })
    expect(plan.state).toBe('proposed')
    expect(plan.content.title).toContain('4 × A100-80GB of node-01')
    expect(plan.content.commands[0]?.argv.slice(0, 3)).toEqual(['torchrun', '--standalone', '--nproc-per-node=4'])
    expect(plan.content.changes.find((c) => c.label === 'Mount /data/training')?.after).toContain('read-only')
    expect(plan.content.cost.arithmetic).toBe('4 GPU × $1.80/GPU-h = $7.20/h')
    expect(await world.db.workload.count()).toBe(0)
    expect(await world.db.reservation.count()).toBe(0)
  })

  it('runs on "do it": places, starts, waits for the node, and closes the chat with what came of it', async () => {
    const { node01 } = await joinTrainingNodes(world)
    const planId = planOf(await world.say(FIRST))
    expect((await world.say('do it')).text).toContain('approved')
    await world.runDueJobs()
    const replica = await world.db.replica.findFirstOrThrow({ where: { nodeId: node01 } })
    expect(await world.db.reservation.count({ where: { releasedAt: null } })).toBe(4)
    const status = {
      replicaId: replica.id,
      generation: 1,
      seq: 1,
      phase: 'running' as const,
      atMs: Date.now(),
      startedAtMs: Date.now(),
      finishedAtMs: null,
      exitCode: null,
      signal: null,
      oomKilled: null,
      restarts: 0,
      gpuVerified: true,
      endpoints: [],
      reason: null,
    }
    await applyReplicaStatuses({ sys: world.sys, nodes: [{ nodeId: node01, statuses: [status] }] })
    await world.runDueJobs()
    const plan = await readPlan({ ctx: world.ctx(), input: { planId } })
    expect(plan.state).toBe('succeeded')
    expect(plan.decisions[0]).toMatchObject({ userName: 'ana', via: 'chat', quote: 'do it' })
    const last = await world.db.message.findFirstOrThrow({ where: { role: 'agent' }, orderBy: { seq: 'desc' } })
    expect(last.text).toContain('fine-tune-llama is running on node-01 with 4 GPUs')
  })

  it('makes "no, use two GPUs" the next revision of the same plan and voids the first', async () => {
    await joinTrainingNodes(world)
    const planId = planOf(await world.say(FIRST))
    const before = await readPlan({ ctx: world.ctx(), input: { planId } })
    await world.say('no, use two GPUs')
    const after = await readPlan({ ctx: world.ctx(), input: { planId } })
    expect(after.revision).toBe(2)
    expect(after.content.commands[0]?.argv).toContain('--nproc-per-node=2')
    const ana = await world.db.member.findFirstOrThrow({ where: { userId: 'usr_ana' } })
    const ctx = { ...world.ctx(), actor: { ...world.ctx().actor, userId: ana.userId } }
    await expect(
      decide({ ctx, input: { planId, revision: 1, digest: before.digest, decision: 'approve' } }),
    ).rejects.toThrow('replaced by r2')
  })

  it.each([
    ['what GPUs do we have?', 'list_gpus', '12 GPUs'],
    ['what is running?', 'list_workloads', 'Nothing runs'],
    ['list the nodes', 'list_nodes', '2 nodes'],
    ['give me a health report', 'health_report', '12 GPUs'],
    ['how is node-01 doing?', 'health_report', 'node-01 is online: 4 × A100-80GB, 4 free. Nothing is wrong with it.'],
    ['what is waiting for approval?', 'list_plans', 'Nothing is waiting'],
  ])('answers "%s" from data', async (text, tool, words) => {
    await joinTrainingNodes(world)
    const answer = await world.say(text)
    expect(answer.tools).toEqual([tool])
    expect(answer.text).toContain(words)
  })

  it('approves nothing on "yes, but first show me the nodes"', async () => {
    await joinTrainingNodes(world)
    const planId = planOf(await world.say(FIRST))
    await world.say('yes, but first show me the nodes')
    expect((await readPlan({ ctx: world.ctx(), input: { planId } })).state).toBe('proposed')
  })

  it('lets a viewer ask but not propose', async () => {
    await joinTrainingNodes(world)
    const viewer = await world.member('viewer', 'vic')
    expect((await world.say('what GPUs do we have?', viewer)).text).toContain('12 GPUs')
    expect((await world.say(FIRST, viewer)).text).toContain('need the role operator')
    expect(await world.db.plan.count()).toBe(0)
  })
})
