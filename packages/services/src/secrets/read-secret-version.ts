import type { SystemCtx } from '../context'

/** The version that a step stored; null: it stored none, or another name's. */
export async function readSecretVersion(
  { db }: SystemCtx,
  input: { orgId: string; name: string; stepId: string },
): Promise<number | null> {
  const row = await db.secretVersion.findUnique({
    where: { stepId: input.stepId },
    include: { secret: { select: { name: true, orgId: true } } },
  })
  return row && row.secret.orgId === input.orgId && row.secret.name === input.name ? row.version : null
}
