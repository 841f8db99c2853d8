import { readPlannerSettings } from '@clawbernetes/services/planner/read-planner-settings'
import { readPlannerTest } from '@clawbernetes/services/planner/read-planner-test'
import { readUsage } from '@clawbernetes/services/planner/read-usage'
import { requestPlannerTest } from '@clawbernetes/services/planner/request-planner-test'
import { setPlannerSettings, setPlannerSettingsInput } from '@clawbernetes/services/planner/set-planner-settings'
import * as z from 'zod'
import { orgProcedure, router } from '../init'

export const plannerRouter = router({
  settings: orgProcedure.query(({ ctx }) => readPlannerSettings({ ctx: ctx.call })),
  set: orgProcedure
    .input(setPlannerSettingsInput)
    .mutation(({ ctx, input }) => setPlannerSettings({ ctx: ctx.call, input })),
  usage: orgProcedure.query(({ ctx }) => readUsage({ ctx: ctx.call })),
  test: orgProcedure.mutation(({ ctx }) => requestPlannerTest({ ctx: ctx.call })),
  testResult: orgProcedure
    .input(z.object({ testId: z.string().max(60) }))
    .query(({ ctx, input }) => readPlannerTest({ ctx: ctx.call, input })),
})
