import type { SystemCtx } from '../context'

/** Is a secret of this name stored in the organisation? */
export async function hasSecret({ db }: SystemCtx, input: { orgId: string; name: string }): Promise<boolean> {
  return (await db.secret.count({ where: { orgId: input.orgId, name: input.name } })) > 0
}
