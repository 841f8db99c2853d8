import type { Prisma } from '@clawbernetes/db/rows'
import { placeOf } from '@clawbernetes/domain/placement/plan-moves'
import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import type { SystemCtx, Tx } from '../context'
import { bumpNodes } from '../fleet/bump-nodes'
import { MOVE_IS_OVER } from '../workloads/moving'
import { recordWorkloadEvent } from '../workloads/record-workload-event'
import { lockWorkload, syncWorkloadStatus } from '../workloads/sync-workload-status'

/**
 * Takes an unfinished move back, whatever it had come to: where the old replicas still run, they just go on; where they were
 * asked to end, the workload starts again in its old place as soon as nothing of it runs elsewhere. Its old GPUs were never given up.
 * @returns what it did in words; null when the move is finished or was never begun
 */
export async function returnMoveInTx(
  tx: Tx,
  sys: SystemCtx,
  input: { orgId: string; planId: string; args: StepArgs<'begin-move'> },
): Promise<string | null> {
  const { args, orgId, planId } = input
  await lockWorkload(tx, args.workloadId)
  const workload = await tx.workload.findFirst({ where: { id: args.workloadId, orgId } })
  if (!workload || workload.movingPlan !== planId || workload.desired !== 'run') return null
  const open = await tx.replica.findMany({ where: { workloadId: workload.id, closedAt: null } })
  const old = new Set(args.from.map((place) => place.replicaId))
  const untouched = args.from.every((place) => open.some((r) => r.id === place.replicaId && r.desired === 'run'))
  const replacement = open.filter((r) => r.ordinal >= workload.replicasWanted && r.desired === 'run')
  if (!untouched && replacement.length > 0 && replacement.every((r) => r.phase === 'ready')) {
    // A service whose replacement serves and whose old replica was asked to end: going back would only interrupt it.
    await recordWorkloadEvent(tx, await tx.workload.update({ where: { id: workload.id }, data: MOVE_IS_OVER }))
    await syncWorkloadStatus(tx, sys, workload.id)
    return `${args.name} stays where its replacement serves`
  }
  const stay = open.filter((r) => r.desired === 'run' && !old.has(r.id) && !madeByMove(r, args))
  const leave = open.filter(
    (r) => r.desired === 'run' && (untouched ? !old.has(r.id) && !stay.includes(r) : !stay.includes(r)),
  )
  await tx.replica.updateMany({
    where: { id: { in: leave.map((r) => r.id) } },
    data: { desired: 'stop', version: { increment: 1 } },
  })
  const home = new Set(args.from.flatMap((place) => place.gpuIds))
  if (untouched)
    await tx.reservation.updateMany({
      where: { workloadId: workload.id, replicaId: null, releasedAt: null, gpuId: { notIn: [...home] } },
      data: { releasedAt: sys.now() },
    })
  const places = args.from.map(placeOf)
  const back = await tx.workload.update({
    where: { id: workload.id },
    data: {
      ...(untouched ? MOVE_IS_OVER : { movingPlan: null, returnTo: places as Prisma.InputJsonValue }),
      ...(args.spec ? { spec: args.spec.before as Prisma.InputJsonObject, revision: { increment: 1 } } : {}),
      version: { increment: 1 },
    },
  })
  await bumpNodes(
    tx,
    leave.map((r) => r.nodeId),
  )
  await recordWorkloadEvent(tx, back)
  await syncWorkloadStatus(tx, sys, workload.id)
  const where = [...new Set(args.from.map((p) => p.nodeName))].join(', ')
  return untouched ? `${args.name} was left as it runs on ${where}` : `${args.name} goes back to ${where}`
}

/** Started by this move: in one of the places it claimed. */
const madeByMove = (replica: { nodeId: string; ordinal: number }, args: StepArgs<'begin-move'>): boolean =>
  args.to.some((place) => place.nodeId === replica.nodeId && place.ordinal === replica.ordinal)
