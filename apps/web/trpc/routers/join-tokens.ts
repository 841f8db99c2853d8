import { createJoinToken, createJoinTokenInput } from '@clawbernetes/services/fleet/create-join-token'
import { listJoinTokens } from '@clawbernetes/services/fleet/list-join-tokens'
import { revokeJoinToken, revokeJoinTokenInput } from '@clawbernetes/services/fleet/revoke-join-token'
import { orgProcedure, router } from '../init'

export const joinTokensRouter = router({
  list: orgProcedure.query(({ ctx }) => listJoinTokens({ ctx: ctx.call })),
  create: orgProcedure
    .input(createJoinTokenInput)
    .mutation(({ ctx, input }) => createJoinToken({ ctx: ctx.call, input })),
  revoke: orgProcedure
    .input(revokeJoinTokenInput)
    .mutation(({ ctx, input }) => revokeJoinToken({ ctx: ctx.call, input })),
})
