import { deleteSecret as remove } from '@clawbernetes/services/secrets/delete-secret'
import { hasSecret } from '@clawbernetes/services/secrets/has-secret'
import { stepCtx } from '../step-ctx'
import type { StepHandler } from '../step-handler'

export const deleteSecret: StepHandler<'delete-secret'> = {
  act: async ({ sys, step, args }) => remove({ ctx: await stepCtx(sys, step), input: args }),
  verify: async ({ sys, step, args }) => {
    if (await hasSecret(sys, { orgId: step.orgId, name: args.name }))
      return { is: 'never', code: 'still-stored', words: `${args.name} is still stored.` }
    return { is: 'so', words: `${args.name} is deleted with every version of its value.`, facts: [] }
  },
}
