import { createApiKey, createApiKeyInput } from '@clawbernetes/services/identity/create-api-key'
import { listApiKeys, listApiKeysInput } from '@clawbernetes/services/identity/list-api-keys'
import { pickUpApiKey } from '@clawbernetes/services/identity/pick-up-api-key'
import { revokeApiKey, revokeApiKeyInput } from '@clawbernetes/services/identity/revoke-api-key'
import { orgProcedure, router } from '../init'

export const apiKeysRouter = router({
  list: orgProcedure.input(listApiKeysInput).query(({ ctx, input }) => listApiKeys({ ctx: ctx.call, input })),
  create: orgProcedure.input(createApiKeyInput).mutation(({ ctx, input }) => createApiKey({ ctx: ctx.call, input })),
  pickUp: orgProcedure.input(revokeApiKeyInput).mutation(({ ctx, input }) => pickUpApiKey({ ctx: ctx.call, input })),
  revoke: orgProcedure.input(revokeApiKeyInput).mutation(({ ctx, input }) => revokeApiKey({ ctx: ctx.call, input })),
})
