import { addRule, addRuleInput } from '@clawbernetes/services/policy/add-rule'
import { readPolicy } from '@clawbernetes/services/policy/read-policy'
import { setPolicy, setPolicyInput } from '@clawbernetes/services/policy/set-policy'
import { simulatePolicy, simulatePolicyInput } from '@clawbernetes/services/policy/simulate-policy'
import { orgProcedure, router } from '../init'

export const policyRouter = router({
  read: orgProcedure.query(({ ctx }) => readPolicy({ ctx: ctx.call })),
  set: orgProcedure.input(setPolicyInput).mutation(({ ctx, input }) => setPolicy({ ctx: ctx.call, input })),
  addRule: orgProcedure.input(addRuleInput).mutation(({ ctx, input }) => addRule({ ctx: ctx.call, input })),
  /** A mutation in transport only: a draft is large, and its answer is of this moment. */
  simulate: orgProcedure
    .input(simulatePolicyInput)
    .mutation(({ ctx, input }) => simulatePolicy({ ctx: ctx.call, input })),
})
