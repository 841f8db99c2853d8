import { counterHistory, counterHistoryInput } from '@clawbernetes/services/telemetry/counter-history'
import { readFleetSeries, readFleetSeriesInput } from '@clawbernetes/services/telemetry/read-fleet-series'
import { readFrame } from '@clawbernetes/services/telemetry/read-frame'
import { readGpuSeries, readGpuSeriesInput } from '@clawbernetes/services/telemetry/read-gpu-series'
import { readNodeSeries, readNodeSeriesInput } from '@clawbernetes/services/telemetry/read-node-series'
import { readSlotTable } from '@clawbernetes/services/telemetry/read-slot-table'
import { orgProcedure, router } from '../init'

export const telemetryRouter = router({
  slotTable: orgProcedure.query(({ ctx }) => readSlotTable({ ctx: ctx.call })),
  frame: orgProcedure.query(({ ctx }) => readFrame({ ctx: ctx.call })),
  counters: orgProcedure.input(counterHistoryInput).query(({ ctx, input }) => counterHistory({ ctx: ctx.call, input })),
  fleetSeries: orgProcedure
    .input(readFleetSeriesInput)
    .query(({ ctx, input }) => readFleetSeries({ ctx: ctx.call, input })),
  nodeSeries: orgProcedure
    .input(readNodeSeriesInput)
    .query(({ ctx, input }) => readNodeSeries({ ctx: ctx.call, input })),
  gpuSeries: orgProcedure.input(readGpuSeriesInput).query(({ ctx, input }) => readGpuSeries({ ctx: ctx.call, input })),
})
