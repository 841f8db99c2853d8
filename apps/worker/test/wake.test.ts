import { decide } from '@clawbernetes/services/approvals/decide'
import { claimStep } from '@clawbernetes/services/plans/claim-step'
import { finishStep } from '@clawbernetes/services/plans/finish-step'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { wakeSteps } from '@clawbernetes/services/plans/wake-steps'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type AgentWorld, agentWorld, joinTrainingNodes } from './agent-world'

let world: AgentWorld
beforeEach(async () => {
  world = await agentWorld()
})
afterEach(() => world.close())

it('a step that was woken while it was looking looks again at once, not at its next time', async () => {
  await joinTrainingNodes(world)
  const answer = await world.say('fine-tune llama 3 8b on /data/training')
  const ctx = { ...world.ctx(), actor: { ...world.ctx().actor, userId: 'usr_ana' } }
  const planId = answer.blocks.find((b) => b.type === 'plan')?.planId ?? ''
  const { revision, digest } = await readPlan({ ctx, input: { planId } })
  await decide({ ctx, input: { planId, revision, digest, decision: 'approve' } })
  await world.runDueJobs()
  const step = await world.db.planStep.findFirstOrThrow({ where: { planId, kind: 'await-running' } })
  const claim = await claimStep(world.sys, { stepId: step.id })
  if (!claim.go) throw new Error('the step can be claimed')
  const { workloadId } = claim.step.args as { workloadId: string }
  await world.db.$transaction((tx) => wakeSteps(tx, { workloadIds: [workloadId] }))
  await finishStep(world.sys, claim.step, { type: 'wait', afterMs: 60_000, progress: 'starting' })
  const [job] = await world.db.$queryRaw<{ due: boolean }[]>`
    select run_at <= now() as due from graphile_worker.jobs where key = ${`step:${step.id}`}`
  expect(job?.due).toBe(true)
})
