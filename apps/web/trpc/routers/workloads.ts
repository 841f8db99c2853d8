import { countWorkloads } from '@clawbernetes/services/workloads/count-workloads'
import { listWorkloads, listWorkloadsInput } from '@clawbernetes/services/workloads/list-workloads'
import { readLogs, readLogsInput } from '@clawbernetes/services/workloads/read-logs'
import { readMetrics, readMetricsInput } from '@clawbernetes/services/workloads/read-metrics'
import { readWorkload, readWorkloadInput } from '@clawbernetes/services/workloads/read-workload'
import { orgProcedure, router } from '../init'

export const workloadsRouter = router({
  list: orgProcedure.input(listWorkloadsInput).query(({ ctx, input }) => listWorkloads({ ctx: ctx.call, input })),
  counts: orgProcedure.query(({ ctx }) => countWorkloads({ ctx: ctx.call })),
  read: orgProcedure.input(readWorkloadInput).query(({ ctx, input }) => readWorkload({ ctx: ctx.call, input })),
  logs: orgProcedure.input(readLogsInput).query(({ ctx, input }) => readLogs({ ctx: ctx.call, input })),
  metrics: orgProcedure.input(readMetricsInput).query(({ ctx, input }) => readMetrics({ ctx: ctx.call, input })),
})
