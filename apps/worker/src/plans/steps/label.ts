import { labelNode } from '@clawbernetes/services/fleet/label-node'
import { readNodeLoad } from '@clawbernetes/services/fleet/read-node-load'
import { stepCtx } from '../step-ctx'
import type { StepHandler } from '../step-handler'

export const label: StepHandler<'label-node'> = {
  act: async ({ sys, step, args }) => {
    await labelNode({ ctx: await stepCtx(sys, step), input: args })
  },
  verify: async ({ sys, step, args }) => {
    const node = await readNodeLoad(sys, { orgId: step.orgId, nodeId: args.nodeId })
    const off = Object.entries(args.labels).find(([key, value]) => (node.labels[key] ?? null) !== value)
    if (off)
      return { is: 'never', code: 'changed-meanwhile', words: `The label ${off[0]} of ${node.name} was changed.` }
    const facts = Object.entries(args.labels).map(([key, value]) => ({ label: key, value: value ?? 'taken away' }))
    const list = facts.map((f) => `${f.label} = ${f.value}`).join(', ')
    return { is: 'so', words: `${node.name}: ${list}.`, facts }
  },
}
