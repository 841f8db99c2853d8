import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { joinNode } from '@clawbernetes/services/fleet/testing/fleet-world'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentWorld, agentWorld } from './agent-world'

let world: AgentWorld
beforeEach(async () => {
  world = await agentWorld()
  const runtimes = [
    { kind: 'container' as const, engine: 'podman', version: '4.3', gpu: 'libpod' as const },
    { kind: 'process' as const, engine: 'process', version: null, gpu: 'native' as const },
  ]
  await joinNode(world, { name: 'cpu-1', hostname: 'cpu-1', gpus: [], runtimes, memoryMib: 16 * 1024 })
  await joinNode(world, { name: 'cpu-2', hostname: 'cpu-2', gpus: [], runtimes, memoryMib: 64 * 1024 })
})
afterEach(() => world.close())

const planOf = async (answer: { blocks: { type: string; planId?: string }[] }) =>
  readPlan({ ctx: world.ctx(), input: { planId: answer.blocks.find((b) => b.type === 'plan')?.planId ?? '' } })

describe('a job said in a sentence', () => {
  it('runs exactly what stands between backticks, in the image that was named, without a shell', async () => {
    const plan = await planOf(await world.say('run `sh -c "echo a; sleep 1"` on cpu-1 with image localhost/bb:1'))
    expect(plan.content.commands).toEqual([{ where: 'cpu-1', argv: ['sh', '-c', 'echo a; sleep 1'] }])
    expect(plan.risk).toBe('medium')
  })

  it('treats a plain process on the machine itself as high risk', async () => {
    const plan = await planOf(await world.say('run `sleep 30` on cpu-1'))
    expect(plan.risk).toBe('high')
    expect(plan.content.confirmName).toBe('run-sleep')
  })

  it('says before it starts which node lacks the memory', async () => {
    const answer = await world.say('run `python prep.py` on all nodes with image localhost/bb:1 with 32 GB of memory')
    const plan = await planOf(answer)
    expect(plan.content.commands.map((c) => c.where)).toEqual(['cpu-2'])
    expect(plan.content.notDone.join(' ')).toContain('cpu-1')
  })

  it('refuses what only a shell would understand', async () => {
    expect((await world.say('run `cat notes.txt | wc -l` on cpu-1')).text).toContain('without a shell')
    expect(await world.db.plan.count()).toBe(0)
  })
})
