import { cordonNode } from '@clawbernetes/services/fleet/cordon-node'
import { readNodeLoad } from '@clawbernetes/services/fleet/read-node-load'
import { uncordonNode } from '@clawbernetes/services/fleet/uncordon-node'
import { stepCtx } from '../step-ctx'
import { type Observed, type StepContext, type StepHandler } from '../step-handler'

export const cordon: StepHandler<'cordon-node'> = {
  act: async ({ sys, step, args }) => {
    await cordonNode({ ctx: await stepCtx(sys, step), input: args })
  },
  verify: (ctx) => cordonIs(ctx, true),
}

export const uncordon: StepHandler<'uncordon-node'> = {
  act: async ({ sys, step, args }) => {
    await uncordonNode({ ctx: await stepCtx(sys, step), input: args })
  },
  verify: (ctx) => cordonIs(ctx, false),
}

async function cordonIs(
  { sys, step, args }: Pick<StepContext<'uncordon-node'>, 'sys' | 'step' | 'args'>,
  wanted: boolean,
): Promise<Observed> {
  const node = await readNodeLoad(sys, { orgId: step.orgId, nodeId: args.nodeId })
  const words = node.cordoned ? `${node.name} takes no new work.` : `${node.name} takes new work again.`
  if (node.cordoned !== wanted)
    return { is: 'never', code: 'changed-meanwhile', words: `${words} Somebody changed it.` }
  return { is: 'so', words, facts: [{ label: 'Node', value: `${node.name} ${wanted ? 'cordoned' : 'schedulable'}` }] }
}
