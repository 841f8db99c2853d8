import { type Queued, placeQueue, type QueueVerdict } from '@clawbernetes/domain/placement/place-queue'
import { placementRequest } from '@clawbernetes/domain/workloads/placement-request'
import { workloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { Prisma, WorkloadModel } from '@clawbernetes/db/rows'
import { alreadyExists } from '../already-exists'
import type { SystemCtx, Tx } from '../context'
import { recordEvents } from '../log/record-events'
import { readSnapshot } from '../placement/read-snapshot'
import { startPlaced } from './start-placed'
import { workloadEvents } from './workload-events'

/** Workloads placed in one transaction, oldest first. */
const BATCH = 1000

/**
 * Gives waiting workloads the GPUs that are free, oldest first, by the same placement as plans, and stores for each that still
 * waits why no node takes it. Claims, replicas and status are written together: a round that dies leaves nothing behind.
 * Safe to run in several processes: rows are locked, and a GPU that somebody else took first ends the round. Returns how many.
 */
export async function placePending(sys: SystemCtx): Promise<number> {
  const orgs = await sys.db.workload.findMany({
    where: { status: 'pending', desired: 'run', deletedAt: null },
    distinct: ['orgId'],
    select: { orgId: true },
  })
  const stopped = await sys.db.orgSettings.findMany({
    where: { frozenAt: { not: null } },
    select: { organizationId: true },
  })
  let placed = 0
  for (const { orgId } of orgs) {
    // Under the emergency stop nothing new starts; lifting it rings for this sweep.
    if (stopped.some((org) => org.organizationId === orgId)) continue
    for (let round = await placeBatch(sys, orgId); ; round = await placeBatch(sys, orgId)) {
      placed += round
      // A full batch may have more behind it; anything less has looked at all of them.
      if (round < BATCH) break
    }
  }
  return placed
}

async function placeBatch(sys: SystemCtx, orgId: string): Promise<number> {
  try {
    return await sys.db.$transaction((tx) => placeInTx(tx, sys, orgId), { timeout: 30_000 })
  } catch (error) {
    // A plan was faster with one of the GPUs: the next round sees it.
    if (alreadyExists(error)) return 0
    throw error
  }
}

async function placeInTx(tx: Tx, sys: SystemCtx, orgId: string): Promise<number> {
  const ids = await tx.$queryRaw<{ id: string }[]>`
    select id from workload where org_id = ${orgId} and status = 'pending' and desired = 'run' and deleted_at is null
    order by created_at, id limit ${BATCH} for update skip locked`
  if (ids.length === 0) return 0
  const rows = await tx.workload.findMany({
    where: { id: { in: ids.map((row) => row.id) } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  const waiting = rows.map((row) => ({ row, spec: workloadSpec.parse(row.spec) }))
  const queue: Queued[] = waiting.map(({ row, spec }) => ({ id: row.id, request: placementRequest(spec) }))
  const verdicts = placeQueue(queue, await readSnapshot(tx, orgId, sys.now()))
  const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]))
  const placed = waiting.flatMap(({ row, spec }) => {
    const verdict = byId.get(row.id)
    return verdict?.placed ? [{ workload: row, spec, places: verdict.places, reason: verdict.reason }] : []
  })
  await startPlaced(tx, sys, placed)
  await keepReasons(tx, rows, byId)
  return placed.length
}

/** Writes reasons only where they changed, so that a queue that does not move makes no noise. */
async function keepReasons(tx: Tx, rows: WorkloadModel[], verdicts: Map<string, QueueVerdict>): Promise<void> {
  const changed: WorkloadModel[] = []
  for (const row of rows) {
    const verdict = verdicts.get(row.id)
    if (!verdict || verdict.placed) continue
    const reasons = verdict.considered.slice(0, 100).map((v) => ({ node: v.nodeName, reason: v.reason }))
    if (row.statusReason === verdict.reason && sameReasons(row.pendingReasons, reasons)) continue
    const data = { statusReason: verdict.reason, pendingReasons: reasons, version: { increment: 1 } }
    changed.push(await tx.workload.update({ where: { id: row.id }, data }))
  }
  await recordEvents(
    tx,
    changed.flatMap((row) => workloadEvents(row)),
  )
}

/** As stored and as computed now; Postgres keeps its own order of keys. */
function sameReasons(stored: Prisma.JsonValue, now: { node: string; reason: string }[]): boolean {
  if (!Array.isArray(stored) || stored.length !== now.length) return false
  const was = new Map(stored.map((entry) => [(entry as { node: string }).node, (entry as { reason: string }).reason]))
  return now.every(({ node, reason }) => was.get(node) === reason)
}
