import { z } from '@hono/zod-openapi'
import type { WorkloadDetail, WorkloadListItem } from '@clawbernetes/protocol/views/workload'

const at = z.iso.datetime()
const ref = z.object({ id: z.string(), name: z.string() })
const count = z.number().int()
const microUsd = z.number().int().nullable()

const listShape = {
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  status: z.enum([
    'pending',
    'placed',
    'starting',
    'running',
    'degraded',
    'stopping',
    'stopped',
    'succeeded',
    'failed',
  ]),
  statusReason: z.string().nullable(),
  owner: ref,
  replicasWanted: count,
  replicasRunning: count,
  gpusWanted: count,
  gpus: z.object({ count, model: z.string().nullable() }),
  nodes: z.array(ref),
  utilPct: z.number().nullable().openapi({ description: 'Mean over its GPUs at the last sample; null: unknown.' }),
  costPerHourMicroUsd: microUsd,
  createdAt: at,
  startedAt: at.nullable(),
  finishedAt: at.nullable(),
  demo: z.boolean(),
}
export const workloadListItem = z.object(listShape).openapi('WorkloadListItem')

const replica = z.object({
  id: z.string(),
  ordinal: count,
  attempt: count,
  node: ref,
  phase: z.string(),
  gpus: z.array(z.object({ id: z.string(), uuid: z.string(), index: count, model: z.string() })),
  exitCode: count.nullable(),
  signal: z.string().nullable(),
  oomKilled: z.boolean().nullable(),
  restarts: count,
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
  startedAt: at.nullable(),
  finishedAt: at.nullable(),
})

export const workload = z
  .object({
    ...listShape,
    revision: count,
    runtime: z.enum(['container', 'process']).nullable(),
    gpusPerReplica: count,
    image: z.string().nullable(),
    command: z.array(z.string()),
    env: z
      .array(z.object({ name: z.string(), value: z.string() }))
      .openapi({ description: 'Secret values are masked.' }),
    replicas: z.array(replica),
    planLabel: z.string().nullable(),
    costSoFarMicroUsd: microUsd,
    metricNames: z.array(z.string()),
  })
  .openapi('Workload')

/** The views of the screens must have all that the API promises: checked here, by the compiler. */
export const workloadBody = (view: WorkloadDetail): z.input<typeof workload> => view
export const workloadItem = (view: WorkloadListItem): z.input<typeof workloadListItem> => view
