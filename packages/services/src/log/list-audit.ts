import type { AuditView } from '@clawbernetes/protocol/views/audit'
import type { AuditEntryModel } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { type Ctx, type DbOrTx, requirePermission } from '../context'
import { parseInput } from '../parse-input'
import { auditFilter, auditWhere } from './audit-filter'

export type { AuditView }

export const listAuditInput = auditFilter.extend({
  /** Go on below this sequence number. */
  before: z.number().int().nullable().default(null),
  limit: z.number().int().min(1).max(200).default(50),
})

/** The organisation's audit log, newest first, by keyset. */
export async function listAudit({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof listAuditInput>
}): Promise<AuditView[]> {
  requirePermission(ctx, 'read')
  const { before, limit, ...filter } = parseInput(listAuditInput, raw)
  const where = await auditWhere(ctx.db, ctx.actor.orgId, filter)
  const rows = await ctx.db.auditEntry.findMany({
    where: { ...where, ...(before ? { seq: { lt: before } } : {}) },
    orderBy: { seq: 'desc' },
    take: limit,
  })
  const names = await actorNames(ctx.db, rows)
  return rows.map((row) => auditView(row, names))
}

export async function actorNames(db: DbOrTx, rows: AuditEntryModel[]): Promise<Map<string, string>> {
  const ids = new Set(rows.flatMap((row) => [row.actorId, row.onBehalfOf]).filter((id) => id !== null))
  const users = await db.user.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } })
  return new Map(users.map((user) => [user.id, user.name]))
}

export function auditView(row: AuditEntryModel, names: ReadonlyMap<string, string>): AuditView {
  const nameOf = (id: string | null) => (id ? (names.get(id) ?? 'Someone') : null)
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    actor: {
      kind: row.actorKind,
      name: nameOf(row.actorId) ?? (row.actorKind === 'agent' ? 'Agent' : 'Clawbernetes'),
    },
    onBehalfOf: nameOf(row.onBehalfOf),
    via: row.via,
    action: row.action,
    target: row.target,
    data: row.data as Record<string, unknown>,
    prevHash: row.prevHash,
    hash: row.hash,
  }
}
