import type { Prisma } from '@clawbernetes/db/rows'
import type { FindingDraft } from '@clawbernetes/domain/diagnosis/facts'
import { newId, type SystemCtx, type Tx } from '../context'
import { recordNodeEvent } from '../fleet/record-node-event'

export interface FindingTarget {
  orgId: string
  nodeId: string
  gpuId: string | null
}

/** An open finding is written again at most this often while nothing but the time changes. */
const REFRESH_MS = 60_000

/** Opens a finding, or brings the open one up to date. Of two processes that open it at once, one does; true for that one. */
export async function openFinding(sys: SystemCtx, target: FindingTarget, draft: FindingDraft): Promise<boolean> {
  const now = sys.now()
  const { rule, severity, title, detail } = draft
  const evidence = draft.evidence as unknown as Prisma.InputJsonObject
  const known = await sys.db.finding.findFirst({ where: { ...target, rule, state: 'open' } })
  if (known) {
    const same = known.severity === severity && known.title === title && known.detail === detail
    if (!same || now.getTime() - known.lastSeenAt.getTime() >= REFRESH_MS)
      await sys.db.finding.updateMany({
        where: { id: known.id, state: 'open' },
        data: { severity, title, detail, evidence, lastSeenAt: now, version: { increment: 1 } },
      })
    return false
  }
  return sys.db.$transaction(async (tx) => {
    const id = newId('finding', now)
    const since = new Date(Math.min(draft.sinceMs, now.getTime()))
    const { count } = await tx.finding.createMany({
      data: [{ id, ...target, rule, severity, title, detail, evidence, since, lastSeenAt: now }],
      skipDuplicates: true,
    })
    if (count === 0) return false
    const node = { id: target.nodeId, orgId: target.orgId }
    await recordNodeEvent(tx, node, {
      kind: 'finding.opened',
      entityId: id,
      entityVersion: 1,
      data: { rule, severity, title, nodeId: target.nodeId, gpuId: target.gpuId },
    })
    if (target.gpuId && severity !== 'info') await setSuspect(tx, node, target.gpuId, title)
    return true
  })
}

/** Clears a finding that nothing supports any more; a GPU with no other grave finding is trusted again. */
export async function clearFinding(sys: SystemCtx, target: FindingTarget, rule: string): Promise<boolean> {
  return sys.db.$transaction(async (tx) => {
    const [cleared] = await tx.finding.updateManyAndReturn({
      where: { ...target, rule, state: 'open' },
      data: { state: 'cleared', clearedAt: sys.now(), version: { increment: 1 } },
    })
    if (!cleared) return false
    const node = { id: target.nodeId, orgId: target.orgId }
    await recordNodeEvent(tx, node, {
      kind: 'finding.cleared',
      entityId: cleared.id,
      entityVersion: cleared.version,
      data: { rule, severity: cleared.severity, title: cleared.title, nodeId: target.nodeId, gpuId: target.gpuId },
    })
    if (
      target.gpuId &&
      (await tx.finding.count({ where: { gpuId: target.gpuId, state: 'open', severity: { not: 'info' } } })) === 0
    )
      await setTrusted(tx, node, target.gpuId)
    return true
  })
}

async function setSuspect(tx: Tx, node: { id: string; orgId: string }, gpuId: string, reason: string): Promise<void> {
  const [gpu] = await tx.gpu.updateManyAndReturn({
    where: { id: gpuId, health: 'ok' },
    data: { health: 'suspect', healthReason: reason, version: { increment: 1 } },
  })
  if (gpu) await gpuEvent(tx, node, gpu)
}

async function setTrusted(tx: Tx, node: { id: string; orgId: string }, gpuId: string): Promise<void> {
  const [gpu] = await tx.gpu.updateManyAndReturn({
    where: { id: gpuId, health: 'suspect' },
    data: { health: 'ok', healthReason: null, version: { increment: 1 } },
  })
  if (gpu) await gpuEvent(tx, node, gpu)
}

const gpuEvent = (
  tx: Tx,
  node: { id: string; orgId: string },
  gpu: { id: string; version: number; health: string; readability: string },
) =>
  recordNodeEvent(tx, node, {
    kind: 'gpu.state',
    entityId: gpu.id,
    entityVersion: gpu.version,
    data: { nodeId: node.id, health: gpu.health, readability: gpu.readability },
  })
