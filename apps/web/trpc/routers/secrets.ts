import { listSecrets } from '@clawbernetes/services/secrets/list-secrets'
import { putSecretValue, putSecretValueInput } from '@clawbernetes/services/secrets/put-secret-value'
import { orgProcedure, router } from '../init'

/** There is no way to read a value: names, versions, who and when; and the field that takes one for a plan. */
export const secretsRouter = router({
  list: orgProcedure.query(({ ctx }) => listSecrets({ ctx: ctx.call })),
  putValue: orgProcedure
    .input(putSecretValueInput)
    .mutation(({ ctx, input }) => putSecretValue({ ctx: ctx.call, input })),
})
