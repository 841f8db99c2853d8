import { decide, decideInput } from '@clawbernetes/services/approvals/decide'
import { freeze, freezeInput } from '@clawbernetes/services/approvals/freeze'
import { readFreeze } from '@clawbernetes/services/approvals/read-freeze'
import { startNow, startNowInput } from '@clawbernetes/services/approvals/start-now'
import { unfreeze, unfreezeInput } from '@clawbernetes/services/approvals/unfreeze'
import { orgProcedure, router } from '../init'

export const approvalsRouter = router({
  decide: orgProcedure.input(decideInput).mutation(({ ctx, input }) => decide({ ctx: ctx.call, input })),
  startNow: orgProcedure.input(startNowInput).mutation(({ ctx, input }) => startNow({ ctx: ctx.call, input })),
  readFreeze: orgProcedure.query(({ ctx }) => readFreeze({ ctx: ctx.call })),
  freeze: orgProcedure.input(freezeInput).mutation(({ ctx, input }) => freeze({ ctx: ctx.call, input })),
  unfreeze: orgProcedure.input(unfreezeInput).mutation(({ ctx, input }) => unfreeze({ ctx: ctx.call, input })),
})
