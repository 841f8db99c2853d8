import { cordonNode } from '@clawbernetes/services/fleet/cordon-node'
import { uncordonNode } from '@clawbernetes/services/fleet/uncordon-node'
import { stepCtx } from '../step-ctx'
import type { StepHandler } from '../step-handler'

export const cordon: StepHandler<'cordon-node'> = async ({ sys, step, args }) => {
  const node = await cordonNode({ ctx: await stepCtx(sys, step), input: args })
  return {
    type: 'done',
    result: { facts: [{ label: 'Node', value: node.name }] },
    progress: `${node.name} takes no new work.`,
  }
}

export const uncordon: StepHandler<'uncordon-node'> = async ({ sys, step, args }) => {
  const node = await uncordonNode({ ctx: await stepCtx(sys, step), input: args })
  return {
    type: 'done',
    result: { facts: [{ label: 'Node', value: node.name }] },
    progress: `${node.name} takes new work again.`,
  }
}
