import { fleetSummary } from '@clawbernetes/services/fleet/fleet-summary'
import { listGpus, listGpusInput } from '@clawbernetes/services/fleet/list-gpus'
import { listNodeEvents, listNodeEventsInput } from '@clawbernetes/services/fleet/list-node-events'
import { listNodes } from '@clawbernetes/services/fleet/list-nodes'
import { readGpu, readGpuInput } from '@clawbernetes/services/fleet/read-gpu'
import { readNode, readNodeInput } from '@clawbernetes/services/fleet/read-node'
import * as z from 'zod'
import { orgProcedure, router } from '../init'

export const fleetRouter = router({
  summary: orgProcedure.query(({ ctx }) => fleetSummary({ ctx: ctx.call })),
  nodes: orgProcedure.query(({ ctx }) => listNodes({ ctx: ctx.call })),
  node: orgProcedure.input(readNodeInput).query(({ ctx, input }) => readNode({ ctx: ctx.call, input })),
  nodeEvents: orgProcedure
    .input(listNodeEventsInput.omit({ before: true }).extend({ cursor: z.string().max(40).nullish() }))
    .query(({ ctx, input: { cursor, ...input } }) =>
      listNodeEvents({ ctx: ctx.call, input: { ...input, before: cursor ?? undefined } }),
    ),
  gpus: orgProcedure.input(listGpusInput).query(({ ctx, input }) => listGpus({ ctx: ctx.call, input })),
  gpu: orgProcedure.input(readGpuInput).query(({ ctx, input }) => readGpu({ ctx: ctx.call, input })),
})
