import type { Prisma } from '@clawbernetes/db/rows'
import * as z from 'zod'
import type { DbOrTx } from '../context'

/** What the audit screen and its exports can be narrowed to; everything null is everything. */
export const auditFilter = z.object({
  action: z.string().max(80).nullable().default(null),
  target: z.string().max(120).nullable().default(null),
  /** Part of a person's name or e-mail, or agent, system. */
  actor: z.string().max(120).nullable().default(null),
  via: z.string().max(20).nullable().default(null),
  since: z.iso.datetime().nullable().default(null),
  until: z.iso.datetime().nullable().default(null),
})
export type AuditFilter = z.output<typeof auditFilter>

export const isNarrow = (filter: AuditFilter): boolean => Object.values(filter).some((value) => value !== null)

export async function auditWhere(db: DbOrTx, orgId: string, filter: AuditFilter): Promise<Prisma.AuditEntryWhereInput> {
  const since = filter.since ? { gte: new Date(filter.since) } : {}
  const until = filter.until ? { lt: new Date(filter.until) } : {}
  return {
    orgId,
    ...(filter.action ? { action: { startsWith: filter.action } } : {}),
    ...(filter.target ? { target: { contains: filter.target, mode: 'insensitive' } } : {}),
    ...(filter.via ? { via: filter.via } : {}),
    ...(filter.since || filter.until ? { at: { ...since, ...until } } : {}),
    ...(filter.actor ? { OR: await actorIs(db, orgId, filter.actor) } : {}),
  }
}

/** People are looked up among those who were ever here: members of now, and whoever stands in the log. */
async function actorIs(db: DbOrTx, orgId: string, text: string): Promise<Prisma.AuditEntryWhereInput[]> {
  const kind = ['agent', 'system', 'person'].find((known) => known === text.toLowerCase())
  const users = await db.$queryRaw<{ id: string }[]>`
    select u.id from "user" u where (u.name ilike ${`%${escaped(text)}%`} or u.email ilike ${`%${escaped(text)}%`})
      and exists (select 1 from audit_entry a where a.org_id = ${orgId} and (a.actor_id = u.id or a.on_behalf_of = u.id))
    limit 100`
  const ids = users.map((user) => user.id)
  return [{ actorId: { in: ids } }, { onBehalfOf: { in: ids } }, ...(kind ? [{ actorKind: kind }] : [])]
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, (c) => `\\${c}`)
