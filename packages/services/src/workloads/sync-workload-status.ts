import type { WorkloadModel } from '@clawbernetes/db/rows'
import {
  currentReplicas,
  hasEnded,
  type ReplicaRow,
  type StatusVerdict,
  workloadStatus,
} from '@clawbernetes/domain/workloads/workload-status'
import type { SystemCtx, Tx } from '../context'
import { bumpNodes } from '../fleet/bump-nodes'
import { nodeEvents } from '../fleet/record-node-event'
import { recordEvents } from '../log/record-events'
import { ring } from '../log/ring'
import { wakeSteps } from '../plans/wake-steps'
import { isMoving, MOVE_IS_OVER } from './moving'
import { startReturn } from './start-return'
import { workloadEvents } from './workload-events'

const OVER: ReadonlySet<string> = new Set(['stopped', 'succeeded', 'failed'])

/**
 * Makes the rows of workloads agree with their replicas: their status, the end of ranks whose gang failed, and the closing of
 * replicas that have ended for good, which frees their GPUs and takes them off their node's list. Call it in every
 * transaction that changed a replica or what is wanted, with the workloads' rows locked. Many cost hardly more than one.
 */
export async function syncWorkloads(
  tx: Tx,
  sys: SystemCtx,
  workloadIds: readonly string[],
): Promise<Map<string, StatusVerdict>> {
  const workloads = await tx.workload.findMany({ where: { id: { in: [...workloadIds] } }, orderBy: { id: 'asc' } })
  const rows = await readReplicas(tx, workloads)
  const judged = workloads.map((workload) => judge(workload, rows.get(workload.id) ?? []))
  await storeVerdicts(tx, sys, judged)
  const survivors = judged.flatMap(survivorsOf)
  if (survivors.length > 0)
    await tx.replica.updateMany({
      where: { id: { in: survivors.map((replica) => replica.id) } },
      data: { desired: 'stop', version: { increment: 1 } },
    })
  const over = judged.filter((j) => j.over)
  await closeReplicas(tx, sys, judged)
  // Claims that no replica took up belong to nobody once it is over, and no plan moves it any more.
  if (over.length > 0)
    await tx.reservation.updateMany({
      where: { workloadId: { in: over.map((j) => j.workload.id) }, replicaId: null, releasedAt: null },
      data: { releasedAt: sys.now() },
    })
  const arrived = over.filter((j) => isMoving(j.workload)).map((j) => j.workload.id)
  if (arrived.length > 0) await tx.workload.updateMany({ where: { id: { in: arrived } }, data: MOVE_IS_OVER })
  for (const { workload } of judged.filter((j) => !j.over && j.workload.returnTo !== null))
    await startReturn(tx, sys, workload.id)
  const ended = judged.flatMap((j) => j.ended.map((replica) => ({ ...replica, orgId: j.workload.orgId })))
  await tellNodes(tx, ended, survivors)
  await wakeSteps(tx, { workloadIds, nodeIds: nodesOf(ended) })
  return new Map(judged.map((j) => [j.workload.id, j.verdict]))
}

/** As `syncWorkloads`, for one. */
export async function syncWorkloadStatus(tx: Tx, sys: SystemCtx, workloadId: string): Promise<StatusVerdict> {
  const verdict = (await syncWorkloads(tx, sys, [workloadId])).get(workloadId)
  if (!verdict) throw new Error(`There is no workload ${workloadId}.`)
  return verdict
}

/** Holds the workloads' rows until the transaction ends: of two replicas that end at once, the later sees both. */
export async function lockWorkloads(tx: Tx, workloadIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`select 1 from "workload" where id = any(${[...workloadIds]}) order by id for update`
}

export const lockWorkload = (tx: Tx, workloadId: string): Promise<void> => lockWorkloads(tx, [workloadId])

type CurrentReplica = ReplicaRow & { id: string; workloadId: string; nodeId: string }

interface Judged {
  workload: WorkloadModel
  /** One per place, see `currentReplicas`. */
  current: CurrentReplica[]
  verdict: StatusVerdict
  over: boolean
  /** Open replicas that have ended for good. */
  ended: CurrentReplica[]
}

/** Open replicas of workloads, and closed ones of places that are still wanted, by workload. */
async function readReplicas(tx: Tx, workloads: readonly WorkloadModel[]): Promise<Map<string, CurrentReplica[]>> {
  const rows = await tx.$queryRaw<
    (Omit<CurrentReplica, 'open' | 'createdAtMs'> & { open: boolean; createdAt: Date })[]
  >`
    select r.id, r.workload_id as "workloadId", r.node_id as "nodeId", r.desired, r.ordinal, r.attempt, r.phase,
      r.exit_code as "exitCode", r.oom_killed as "oomKilled", r.reason, r.closed_at is null as open, r.created_at as "createdAt"
    from replica r join workload w on w.id = r.workload_id
    where r.workload_id = any(${workloads.map((w) => w.id)}) and (r.closed_at is null or r.ordinal < w.replicas_wanted)
    order by r.ordinal, r.attempt desc, r.created_at desc, r.id desc`
  const byWorkload = new Map<string, CurrentReplica[]>()
  for (const { createdAt, ...row } of rows) {
    const replica = { ...row, createdAtMs: createdAt.getTime() }
    const own = byWorkload.get(row.workloadId)
    if (own) own.push(replica)
    else byWorkload.set(row.workloadId, [replica])
  }
  return byWorkload
}

function judge(workload: WorkloadModel, rows: readonly CurrentReplica[]): Judged {
  const moving = isMoving(workload)
  const current = currentReplicas(rows, { desired: workload.desired, moving })
  const verdict = verdictOf(workload, current, moving)
  const over = OVER.has(verdict.status)
  const forGood = over || workload.desired === 'stop'
  const ended = rows.filter((replica) => replica.open && hasEnded(replica) && (forGood || replica.desired === 'stop'))
  return { workload, current, verdict, over, ended }
}

function verdictOf(workload: WorkloadModel, replicas: readonly CurrentReplica[], moving: boolean): StatusVerdict {
  const settled = workload.desired === 'stop' && OVER.has(workload.status)
  if (settled) return { status: workload.status, reason: workload.statusReason }
  const computed = workloadStatus({
    desired: workload.desired === 'stop' ? 'stop' : 'run',
    kind: workload.kind,
    replicasWanted: workload.replicasWanted,
    replicas,
    moving,
  })
  // A stop carries the words of whoever asked for it.
  return workload.desired === 'stop' ? { ...computed, reason: workload.statusReason } : computed
}

/** Ranks start and fail together: the others of a failed gang would wait for the dead one for ever. */
const survivorsOf = ({ workload, current, verdict }: Judged): CurrentReplica[] =>
  verdict.status === 'failed' && workload.kind === 'training'
    ? current.filter((replica) => !hasEnded(replica) && replica.desired === 'run')
    : []

async function storeVerdicts(tx: Tx, sys: SystemCtx, judged: readonly Judged[]): Promise<void> {
  const changed = judged.filter(
    ({ workload, verdict }) => verdict.status !== workload.status || verdict.reason !== workload.statusReason,
  )
  if (changed.length === 0) return
  const now = sys.now()
  const rows = changed.map(({ workload, verdict, over }) => ({
    id: workload.id,
    status: verdict.status,
    reason: verdict.reason,
    started: workload.startedAt === null && verdict.status === 'running',
    over,
  }))
  await tx.$executeRaw`
    update workload w set status = v.status::"WorkloadStatus", status_reason = v.reason,
      started_at = case when v.started then ${now} else w.started_at end,
      finished_at = case when v.over then ${now}::timestamptz end, version = w.version + 1, updated_at = ${now}
    from json_to_recordset(${JSON.stringify(rows)}::json) as v(id text, status text, reason text, started bool, over bool)
    where w.id = v.id`
  await recordEvents(
    tx,
    changed.flatMap(({ workload, verdict }) =>
      workloadEvents({ ...workload, status: verdict.status, version: workload.version + 1 }),
    ),
  )
}

async function closeReplicas(tx: Tx, sys: SystemCtx, judged: readonly Judged[]): Promise<void> {
  const idsOf = (which: readonly Judged[]) => which.flatMap((j) => j.ended.map((replica) => replica.id))
  const ids = idsOf(judged)
  if (ids.length === 0) return
  const now = sys.now()
  await tx.replica.updateMany({
    where: { id: { in: ids }, closedAt: null },
    data: { closedAt: now, version: { increment: 1 } },
  })
  // Of a workload on the move the old place stays its own: it is where it comes back to if the new one does not work.
  const kept = idsOf(judged.filter((j) => !j.over && isMoving(j.workload)))
  if (kept.length > 0)
    await tx.reservation.updateMany({
      where: { replicaId: { in: kept }, releasedAt: null },
      data: { replicaId: null },
    })
  await tx.reservation.updateMany({
    where: { replicaId: { in: ids.filter((id) => !kept.includes(id)) }, releasedAt: null },
    data: { releasedAt: now },
  })
  for (const orgId of new Set(judged.flatMap((j) => (j.ended.length > 0 ? [j.workload.orgId] : []))))
    await ring(tx, { topic: 'placement', orgId })
}

/** Nodes whose list changed hear of it at commit; those who watch them see what became free. */
async function tellNodes(
  tx: Tx,
  ended: readonly { nodeId: string; orgId: string }[],
  survivors: readonly CurrentReplica[],
): Promise<void> {
  const orgOf = new Map(ended.map((replica) => [replica.nodeId, replica.orgId]))
  const nodeIds = nodesOf([...ended, ...survivors])
  if (nodeIds.length === 0) return
  const versions = await bumpNodes(tx, nodeIds, [...orgOf.keys()])
  await recordEvents(
    tx,
    [...orgOf].flatMap(([nodeId, orgId]) =>
      nodeEvents(
        { id: nodeId, orgId },
        { kind: 'node.upserted', entityId: nodeId, entityVersion: versions.get(nodeId) ?? 0 },
      ),
    ),
  )
}

const nodesOf = (rows: readonly { nodeId: string }[]): string[] => [...new Set(rows.map((row) => row.nodeId))]
