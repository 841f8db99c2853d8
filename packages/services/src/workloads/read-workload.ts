import { groupBy } from '@clawbernetes/domain/group-by'
import { place } from '@clawbernetes/domain/placement/place'
import { maskEnv } from '@clawbernetes/domain/workloads/mask-env'
import { placementRequest } from '@clawbernetes/domain/workloads/placement-request'
import type { ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import type { ReplicaView, WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import { type WorkloadSpec, workloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { Prisma } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'
import { readSnapshot } from '../placement/read-snapshot'
import { planLabel } from '../plans/plan-digest'
import { costSoFar } from './held-gpus'
import { toListItems } from './workload-list-item'
import { workloadTimeline } from './workload-timeline'

/** An id, or a name: then the newest workload of that name. */
export const readWorkloadInput = z.object({ workload: z.string().min(1).max(80) })

const INCLUDE = {
  replicas: {
    orderBy: [{ ordinal: 'asc' }, { attempt: 'desc' }, { createdAt: 'desc' }],
    include: {
      node: { select: { id: true, name: true } },
      reservations: {
        orderBy: { gpu: { index: 'asc' } },
        select: { gpu: { select: { id: true, uuid: true, index: true, gpuModel: true } } },
      },
    },
  },
} satisfies Prisma.WorkloadInclude
type Row = Prisma.WorkloadGetPayload<{ include: typeof INCLUDE }>
type ReplicaRow = Row['replicas'][number]

/** Everything that a workload's page shows, but its logs and curves. */
export async function readWorkload({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof readWorkloadInput>
}): Promise<WorkloadDetail> {
  requirePermission(ctx, 'read')
  const { workload } = parseInput(readWorkloadInput, raw)
  const row = await ctx.db.workload.findFirst({
    where: { orgId: ctx.actor.orgId, deletedAt: null, OR: [{ id: workload }, { name: workload }] },
    orderBy: { id: 'desc' },
    include: INCLUDE,
  })
  if (!row) throw notFound('workload')
  const parsed = workloadSpec.safeParse(row.spec)
  const spec = parsed.success ? parsed.data : null
  const [[item], plan, cost, metrics] = await Promise.all([
    toListItems(ctx, [{ ...row, replicas: newestOfEachPlace(row.replicas) }]),
    readPlanRef(ctx, row.planId),
    costSoFar(ctx, row.id),
    ctx.db.workloadMetric.findMany({
      where: { workloadId: row.id, orgId: ctx.actor.orgId },
      distinct: ['name'],
      select: { name: true },
      orderBy: { name: 'asc' },
    }),
  ])
  if (!item) throw notFound('workload')
  const replicas = row.replicas.map(replicaView)
  return {
    ...item,
    ...asked(spec),
    revision: row.revision,
    gpusPerReplica: row.gpusPerReplica,
    costSoFarMicroUsd: cost,
    replicas,
    planId: plan ? row.planId : null,
    planLabel: plan ? planLabel(plan.number) : null,
    placement: chosenPlaces(row.replicas),
    pendingReasons: row.status === 'pending' ? await whyPending(ctx, row, spec) : [],
    metricNames: metrics.map((metric) => metric.name),
    timeline: await workloadTimeline(ctx, {
      id: row.id,
      createdAt: row.createdAt,
      ownerName: item.owner.name,
      plan,
      replicas: row.replicas.map((replica) => ({ ...replica, nodeName: replica.node.name })),
    }),
  }
}

/** What was asked for, as its spec says it. */
function asked(spec: WorkloadSpec | null) {
  return {
    image: spec?.image ?? null,
    runtime: spec?.runtime ?? null,
    command: spec?.command ?? [],
    env: maskEnv(spec?.env ?? {}),
    mounts: spec?.mounts ?? [],
    rules: spec?.placement ?? null,
    restart: spec ? { policy: spec.restart.policy, maxRestarts: spec.restart.maxRestarts } : null,
    training: spec?.training
      ? {
          model: spec.training.model,
          paramsB: spec.training.paramsB,
          method: spec.training.method,
          sharding: spec.training.sharding,
          epochs: spec.training.epochs,
          datasetPath: spec.training.datasetPath,
        }
      : null,
  }
}

const newestOfEachPlace = (replicas: readonly ReplicaRow[]): ReplicaRow[] => [
  ...new Map([...replicas].reverse().map((replica) => [replica.ordinal, replica])).values(),
]

async function readPlanRef(ctx: Ctx, planId: string | null) {
  if (!planId) return null
  return ctx.db.plan.findFirst({
    where: { id: planId, orgId: ctx.actor.orgId },
    select: { number: true, decidedAt: true },
  })
}

function replicaView(row: ReplicaRow): ReplicaView {
  return {
    id: row.id,
    ordinal: row.ordinal,
    attempt: row.attempt,
    node: row.node,
    phase: row.phase as ReplicaView['phase'],
    desired: row.desired === 'stop' ? 'stop' : 'run',
    gpus: row.reservations.map(({ gpu }) => ({ id: gpu.id, uuid: gpu.uuid, index: gpu.index, model: gpu.gpuModel })),
    exitCode: row.exitCode,
    signal: row.signal,
    oomKilled: row.oomKilled,
    gpuVerified: row.gpuVerified,
    restarts: row.restarts,
    reason: row.reason ? { code: row.reasonCode ?? 'unknown', message: row.reason } : null,
    // Parsed by zod when the node sent them.
    endpoints: row.endpoints as ReplicaStatus['endpoints'],
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    closed: row.closedAt !== null,
  }
}

/** The nodes that hold it, with what they hold. */
function chosenPlaces(replicas: readonly ReplicaRow[]): WorkloadDetail['placement'] {
  const live = replicas.filter((replica) => replica.closedAt === null)
  return [...groupBy(live, (replica) => replica.node.name)].map(([node, here]) => {
    const gpus = here.flatMap((replica) => replica.reservations.map(({ gpu }) => gpu))
    const models = [...new Set(gpus.map((gpu) => gpu.gpuModel))].join(', ')
    const held =
      gpus.length === 0
        ? 'no GPU was asked for'
        : `holds ${gpus.length} × ${models} (GPU ${gpus.map((gpu) => gpu.index).join(', ')})`
    return { node, fits: true, reason: held }
  })
}

/** What the sweep stored, or placement's own words now when it has not looked yet. */
async function whyPending(ctx: Ctx, row: Row, spec: WorkloadSpec | null): Promise<WorkloadDetail['pendingReasons']> {
  const stored = z.array(z.object({ node: z.string(), reason: z.string() })).safeParse(row.pendingReasons)
  if (stored.success) return stored.data
  if (!spec) return []
  const { considered } = place(placementRequest(spec), await readSnapshot(ctx.db, ctx.actor.orgId, ctx.now()))
  return considered.map((verdict) => ({ node: verdict.nodeName, reason: verdict.reason }))
}
