import { readNodeLoad } from '@clawbernetes/services/fleet/read-node-load'
import { plural, seconds, type StepHandler, waitedMs } from '../step-handler'

export const awaitNodeEmpty: StepHandler<'await-node-empty'> = {
  act: null,
  verify: async (ctx) => {
    const { sys, step, args } = ctx
    const node = await readNodeLoad(sys, { orgId: step.orgId, nodeId: args.nodeId })
    if (node.workloads.length === 0 && node.claims === 0)
      return {
        is: 'so',
        words: `${node.name} is ${node.cordoned ? 'cordoned and ' : ''}empty.`,
        facts: [{ label: 'Left on it', value: 'nothing' }],
      }
    const left = node.workloads.length > 0 ? node.workloads.join(', ') : plural(node.claims, 'claimed GPU')
    if (waitedMs(ctx) > args.timeoutMs)
      return {
        is: 'never',
        code: 'not-empty',
        words: `${node.name} is not empty after ${seconds(args.timeoutMs)}: ${left}.`,
      }
    return { is: 'not-yet', words: `Still on ${node.name}: ${left}` }
  },
}
