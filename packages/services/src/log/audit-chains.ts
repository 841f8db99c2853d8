import type { SystemCtx } from '../context'

/** Organisations with an audit log, those that are gone included. @param named one of them, or null for all */
export async function chainsOf({ db }: SystemCtx, named: string | null): Promise<string[]> {
  const rows = await db.auditEntry.findMany({
    where: named ? { orgId: named } : {},
    distinct: ['orgId'],
    orderBy: { orgId: 'asc' },
    select: { orgId: true },
  })
  return rows.map((row) => row.orgId)
}
