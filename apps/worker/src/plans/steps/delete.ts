import { deleteWorkload, isDeleted } from '@clawbernetes/services/workloads/delete-workload'
import { stepCtx } from '../step-ctx'
import type { StepHandler } from '../step-handler'

export const remove: StepHandler<'delete-workload'> = {
  act: async ({ sys, step, args }) => deleteWorkload({ ctx: await stepCtx(sys, step), input: args }),
  verify: async ({ sys, step, args }) =>
    (await isDeleted({ ctx: await stepCtx(sys, step), input: args }))
      ? { is: 'so', words: `${args.name} is deleted; its files stay.`, facts: [{ label: 'Deleted', value: args.name }] }
      : { is: 'not-yet', words: `${args.name} is still listed` },
}
