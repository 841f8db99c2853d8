import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import { placeWorkload } from '@clawbernetes/services/workloads/place-workload'
import { readProgress } from '@clawbernetes/services/workloads/read-progress'
import { reviveWorkload } from '@clawbernetes/services/workloads/revive-workload'
import { type Observed, plural, type StepContext, type StepHandler } from '../step-handler'

export const place: StepHandler<'place-workload'> = {
  act: async ({ sys, step, args }) => {
    await placeWorkload(sys, {
      orgId: step.orgId,
      ownerId: step.proposedBy,
      planId: step.planId,
      stepId: step.id,
      args,
    })
  },
  verify: (ctx) => claimed(ctx, ctx.args),
}

export const revive: StepHandler<'revive-workload'> = {
  act: async ({ sys, step, args }) => {
    await reviveWorkload(sys, { orgId: step.orgId, planId: step.planId, stepId: step.id, args })
  },
  verify: (ctx) => claimed(ctx, ctx.args),
}

/** The claims stand in the database, as many as the plan says. */
async function claimed(
  { sys, step }: Pick<StepContext<'place-workload'>, 'sys' | 'step'>,
  args: { workloadId: string; name: string; places: readonly ReplicaPlace[] },
): Promise<Observed> {
  const { gpusHeld } = await readProgress(sys, { orgId: step.orgId, workloadId: args.workloadId })
  const gpus = args.places.reduce((sum, p) => sum + p.gpuIds.length, 0)
  const nodes = [...new Set(args.places.map((p) => p.nodeName))].join(', ')
  if (gpusHeld < gpus)
    return { is: 'never', code: 'not-claimed', words: `${args.name} holds ${gpusHeld} of ${plural(gpus, 'GPU')}.` }
  return {
    is: 'so',
    words: `Claimed ${plural(gpus, 'GPU')} on ${nodes}.`,
    facts: [
      { label: 'Workload', value: args.name },
      { label: 'GPUs', value: `${gpus} on ${nodes}` },
    ],
  }
}
