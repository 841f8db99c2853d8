import { listSecrets } from '@clawbernetes/services/secrets/list-secrets'
import { putSecretValue, putSecretValueInput } from '@clawbernetes/services/secrets/put-secret-value'
import { requestSecretPlan, requestSecretPlanInput } from '@clawbernetes/services/secrets/request-secret-plan'
import { orgProcedure, router } from '../init'

/** There is no way to read a value: names, versions, who and when; and the field that takes one for a plan. */
export const secretsRouter = router({
  list: orgProcedure.query(({ ctx }) => listSecrets({ ctx: ctx.call })),
  requestPlan: orgProcedure
    .input(requestSecretPlanInput)
    .mutation(({ ctx, input }) => requestSecretPlan({ ctx: ctx.call, input })),
  putValue: orgProcedure
    .input(putSecretValueInput)
    .mutation(({ ctx, input }) => putSecretValue({ ctx: ctx.call, input })),
})
