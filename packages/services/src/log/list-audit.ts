import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'

export const listAuditInput = z.object({
  /** Go on below this sequence number. */
  before: z.number().int().nullable().default(null),
  action: z.string().max(80).nullable().default(null),
  target: z.string().max(120).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(50),
})

export interface AuditView {
  seq: number
  at: string
  actor: { kind: string; name: string }
  onBehalfOf: string | null
  via: string
  action: string
  target: string
  data: Record<string, unknown>
  hash: string
}

/** The organisation's audit log, newest first, by keyset. */
export async function listAudit({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof listAuditInput>
}): Promise<AuditView[]> {
  requirePermission(ctx, 'read')
  const input = parseInput(listAuditInput, raw)
  const rows = await ctx.db.auditEntry.findMany({
    where: {
      orgId: ctx.actor.orgId,
      ...(input.before ? { seq: { lt: input.before } } : {}),
      ...(input.action ? { action: { startsWith: input.action } } : {}),
      ...(input.target ? { target: { contains: input.target, mode: 'insensitive' } } : {}),
    },
    orderBy: { seq: 'desc' },
    take: input.limit,
  })
  const users = await ctx.db.user.findMany({
    where: { id: { in: rows.flatMap((r) => [r.actorId ?? '', r.onBehalfOf ?? '']) } },
    select: { id: true, name: true },
  })
  const nameOf = (id: string | null) => (id ? (users.find((u) => u.id === id)?.name ?? 'Someone') : null)
  return rows.map((r) => ({
    seq: r.seq,
    at: r.at.toISOString(),
    actor: { kind: r.actorKind, name: nameOf(r.actorId) ?? (r.actorKind === 'agent' ? 'Agent' : 'Clawbernetes') },
    onBehalfOf: nameOf(r.onBehalfOf),
    via: r.via,
    action: r.action,
    target: r.target,
    data: r.data as Record<string, unknown>,
    hash: r.hash,
  }))
}
