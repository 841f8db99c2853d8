import { countWorkloads } from '@clawbernetes/services/workloads/count-workloads'
import { listWorkloads, listWorkloadsInput } from '@clawbernetes/services/workloads/list-workloads'
import { readWorkload, readWorkloadInput } from '@clawbernetes/services/workloads/read-workload'
import { orgProcedure, router } from '../init'

export const workloadsRouter = router({
  list: orgProcedure.input(listWorkloadsInput).query(({ ctx, input }) => listWorkloads({ ctx: ctx.call, input })),
  counts: orgProcedure.query(({ ctx }) => countWorkloads({ ctx: ctx.call })),
  read: orgProcedure.input(readWorkloadInput).query(({ ctx, input }) => readWorkload({ ctx: ctx.call, input })),
})
