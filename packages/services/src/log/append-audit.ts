import type { Prisma } from '@clawbernetes/db/rows'
import type { Ctx, Tx } from '../context'
import { auditHash, GENESIS } from './audit-chain'

/** Appends to the organisation's audit chain, in the transaction of the change that it tells of. */
export async function appendAudit(
  tx: Tx,
  ctx: Ctx,
  action: string,
  target: string,
  data: Prisma.InputJsonObject = {},
): Promise<void> {
  const { actor } = ctx
  // One writer at a time per organisation: the chain has one end.
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('audit'), hashtext(${actor.orgId}))`
  const last = await tx.auditEntry.findFirst({
    where: { orgId: actor.orgId },
    orderBy: { seq: 'desc' },
    select: { seq: true, hash: true },
  })
  const entry = {
    orgId: actor.orgId,
    seq: (last?.seq ?? 0) + 1,
    actorKind: actor.kind,
    actorId: actor.kind === 'person' ? actor.userId : null,
    onBehalfOf: actor.kind === 'agent' ? actor.userId : null,
    via: actor.via,
    action,
    target,
    data: {
      ...data,
      ...(actor.apiKey ? { apiKey: actor.apiKey.name } : {}),
      ...(actor.address ? { ip: actor.address } : {}),
    },
    at: ctx.now(),
    prevHash: last?.hash ?? GENESIS,
  }
  await tx.auditEntry.create({ data: { ...entry, hash: auditHash(entry) } })
}
