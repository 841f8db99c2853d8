import { beginMove } from '@clawbernetes/services/moves/begin-move'
import { finishMove } from '@clawbernetes/services/moves/finish-move'
import { type MoveProgress, readMove } from '@clawbernetes/services/moves/read-move'
import { resumedFrom, trainsAgain } from '@clawbernetes/services/moves/resumed-from'
import { startMoved } from '@clawbernetes/services/moves/start-moved'
import { stopReplicas } from '@clawbernetes/services/moves/stop-replicas'
import type { StepKind } from '@clawbernetes/protocol/plans/steps'
import { type Observed, plural, seconds, type StepContext, type StepHandler, waitedMs } from '../step-handler'

export const begin: StepHandler<'begin-move'> = {
  act: ({ sys, step, args }) => beginMove(sys, { orgId: step.orgId, planId: step.planId, stepId: step.id, args }),
  verify: async (ctx) => {
    const p = await progress(ctx, ctx.args.workloadId)
    const gpus = ctx.args.to.reduce((sum, place) => sum + place.gpuIds.length, 0)
    if (p.movingPlan !== ctx.step.planId || p.gpusHeld < gpus)
      return { is: 'never', code: 'not-claimed', words: `${p.name} could not be taken in hand.` }
    const where = [...new Set(ctx.args.to.map((place) => place.nodeName))].join(', ')
    return { is: 'so', words: `${where} keeps ${plural(gpus, 'GPU')} for ${p.name}.`, facts: [] }
  },
}

export const stopOld: StepHandler<'stop-replicas'> = {
  act: ({ sys, step, args }) => stopReplicas(sys, { orgId: step.orgId, args }),
  verify: async (ctx) => {
    const p = await progress(ctx, ctx.args.workloadId)
    const left = p.open.filter((replica) => ctx.args.replicaIds.includes(replica.id))
    if (left.length === 0) return { is: 'so', words: `${p.name} has ended in its old place.`, facts: [] }
    const silent = left.find((replica) => replica.nodeStatus !== 'online')
    const words = silent
      ? `${silent.node} is ${silent.nodeStatus}: ${p.name} may still run there`
      : `${p.name} is still ending`
    return waitedMs(ctx) > ctx.args.timeoutMs
      ? { is: 'never', code: 'timeout', words: `${words} after ${seconds(ctx.args.timeoutMs)}.` }
      : { is: 'not-yet', words }
  },
}

export const startInNewPlace: StepHandler<'start-moved'> = {
  act: ({ sys, step, args }) => startMoved(sys, { orgId: step.orgId, planId: step.planId, stepId: step.id, args }),
  verify: async (ctx) => {
    const p = await progress(ctx, ctx.args.workloadId)
    const made = p.made
    if (made.length === 0) return endedByItself(p)
    const up = made.filter(
      (r) => r.phase === 'running' || r.phase === 'ready' || (r.phase === 'exited' && r.exitCode === 0),
    )
    const broken = made.find(
      (r) => r.phase === 'failed' || r.phase === 'lost' || (r.phase === 'exited' && r.exitCode !== 0),
    )
    if (broken)
      return {
        is: 'never',
        code: broken.reasonCode ?? 'did-not-start',
        words: `${p.name} did not start on ${broken.node}: ${broken.reason ?? `it ended with exit code ${broken.exitCode ?? 'unknown'}`}`,
      }
    const nodes = [...new Set(made.map((r) => r.node))].join(', ')
    if (up.length === made.length && (await isAtWork(ctx, p)))
      return { is: 'so', words: `${p.name} runs on ${nodes}.`, facts: [{ label: p.name, value: `runs on ${nodes}` }] }
    if (waitedMs(ctx) > ctx.args.timeoutMs)
      return {
        is: 'never',
        code: 'timeout',
        words: `${p.name} did not start on ${nodes} within ${seconds(ctx.args.timeoutMs)}.`,
      }
    if (up.length === made.length)
      return { is: 'not-yet', words: `${p.name} runs on ${nodes}; waiting for its first step`, lookAgainMs: LOOK_MS }
    return { is: 'not-yet', words: `${p.name} on ${nodes}: ${made.map((r) => r.phase).join(', ')}` }
  },
}

/** How long a training that runs is waited for until it reports a step; one that reports none is believed after that. */
const FIRST_STEP_MS = 60_000
const LOOK_MS = 1000

/** A training that saves itself is at work when it has reported a step; anything else when its process runs. */
async function isAtWork(ctx: StepContext<'start-moved'>, p: MoveProgress): Promise<boolean> {
  if (!p.saves || p.made.some((replica) => replica.phase === 'exited')) return true
  const up = Math.max(...p.made.map((replica) => replica.startedAtMs ?? 0))
  if (up > 0 && ctx.sys.now().getTime() - up > FIRST_STEP_MS) return true
  return trainsAgain(ctx.sys, { orgId: ctx.step.orgId, replicaIds: p.made.map((replica) => replica.id) })
}

export const finish: StepHandler<'finish-move'> = {
  act: ({ sys, step, args }) =>
    finishMove(sys, { orgId: step.orgId, planId: step.planId, workloadId: args.workloadId }),
  verify: async (ctx) => {
    const { args, sys } = ctx
    const p = await progress(ctx, args.workloadId)
    if (p.movingPlan === ctx.step.planId) return { is: 'not-yet', words: `${p.name} is still ending in its old place` }
    const open = p.open.filter((replica) => replica.desired === 'run')
    const resumed = await resumedFrom(sys, { orgId: ctx.step.orgId, replicaIds: open.map((replica) => replica.id) })
    const words =
      args.from === args.to ? `${p.name} runs again on ${args.to}` : `${p.name} moved from ${args.from} to ${args.to}`
    return {
      is: 'so',
      words: resumed === null ? `${words}.` : `${words} and resumed at step ${resumed.toLocaleString('en')}.`,
      facts: resumed === null ? [] : [{ label: `${p.name} resumed at`, value: `step ${resumed.toLocaleString('en')}` }],
    }
  },
}

const progress = (
  { sys, step }: Pick<StepContext<StepKind>, 'sys' | 'step'>,
  workloadId: string,
): Promise<MoveProgress> => readMove(sys, { orgId: step.orgId, workloadId, stepId: step.id })

/** It finished its work, or failed for good, before it was its turn: there is nothing to start. */
const endedByItself = (p: MoveProgress): Observed =>
  p.status === 'succeeded'
    ? { is: 'so', words: `${p.name} had finished by itself.`, facts: [{ label: p.name, value: 'finished by itself' }] }
    : { is: 'never', code: 'ended', words: p.reason ?? `${p.name} is ${p.status}.` }
