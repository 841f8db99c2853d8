import { decide, decideInput } from '@clawbernetes/services/approvals/decide'
import { orgProcedure, router } from '../init'

export const approvalsRouter = router({
  decide: orgProcedure.input(decideInput).mutation(({ ctx, input }) => decide({ ctx: ctx.call, input })),
})
