import { readSecretVersion } from '@clawbernetes/services/secrets/read-secret-version'
import { storeSecretValue } from '@clawbernetes/services/secrets/store-secret-value'
import { stepCtx } from '../step-ctx'
import type { StepHandler } from '../step-handler'

export const storeSecret: StepHandler<'store-secret'> = {
  act: async ({ sys, step, args }) =>
    storeSecretValue({ ctx: await stepCtx(sys, step), input: { ...args, planId: step.planId, stepId: step.id } }),
  verify: async ({ sys, step, args }) => {
    const secret = await readSecretVersion(sys, { orgId: step.orgId, name: args.name, stepId: step.id })
    if (secret === null) return { is: 'never', code: 'not-stored', words: `${args.name} was not stored.` }
    return {
      is: 'so',
      words: `${args.name} is stored as version ${secret}. Its value cannot be read back.`,
      facts: [{ label: args.name, value: `version ${secret}` }],
    }
  },
}
