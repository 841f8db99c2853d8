import { askAgain } from '@clawbernetes/services/plans/ask-again'
import { cancelPlan } from '@clawbernetes/services/plans/cancel-plan'
import { editPlan, editPlanInput } from '@clawbernetes/services/plans/edit-plan'
import { listPlans, listPlansInput } from '@clawbernetes/services/plans/list-plans'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { requestUndo } from '@clawbernetes/services/plans/request-undo'
import * as z from 'zod'
import { orgProcedure, router } from '../init'

const planRef = z.object({ planId: z.string().max(60) })

export const plansRouter = router({
  list: orgProcedure.input(listPlansInput).query(({ ctx, input }) => listPlans({ ctx: ctx.call, input })),
  read: orgProcedure.input(planRef).query(({ ctx, input }) => readPlan({ ctx: ctx.call, input })),
  edit: orgProcedure.input(editPlanInput).mutation(({ ctx, input }) => editPlan({ ctx: ctx.call, input })),
  undo: orgProcedure.input(planRef).mutation(({ ctx, input }) => requestUndo({ ctx: ctx.call, input })),
  again: orgProcedure.input(planRef).mutation(({ ctx, input }) => askAgain({ ctx: ctx.call, input })),
  cancel: orgProcedure.input(planRef).mutation(({ ctx, input }) => cancelPlan({ ctx: ctx.call, input })),
})
