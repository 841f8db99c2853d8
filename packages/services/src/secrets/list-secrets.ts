import { type Ctx, requirePermission } from '../context'
import { type SecretUse, secretUses } from './secret-uses'

export interface SecretItem {
  name: string
  /** Service or workload that it was made for; null: any. */
  service: string | null
  version: number
  createdBy: string
  createdAt: string
  rotatedBy: string | null
  rotatedAt: string | null
  /** Live workloads that are started with it. */
  usedBy: string[]
  /** The same with their ids, for links. */
  workloads: { id: string; name: string }[]
}

/** Names, versions, who and when. There is no way to read a value. */
export async function listSecrets({ ctx }: { ctx: Ctx }): Promise<SecretItem[]> {
  requirePermission(ctx, 'read')
  const { orgId } = ctx.actor
  const secrets = await ctx.db.secret.findMany({ where: { orgId }, orderBy: { name: 'asc' } })
  if (secrets.length === 0) return []
  const people = await ctx.db.user.findMany({
    where: { id: { in: secrets.flatMap((s) => [s.createdBy, ...(s.rotatedBy ? [s.rotatedBy] : [])]) } },
    select: { id: true, name: true },
  })
  const uses = await secretUses(ctx.db, orgId)
  const nameOf = (id: string) => people.find((p) => p.id === id)?.name ?? 'Someone'
  return secrets.map((s) => ({
    name: s.name,
    service: s.service,
    version: s.version,
    createdBy: nameOf(s.createdBy),
    createdAt: s.createdAt.toISOString(),
    rotatedBy: s.rotatedBy ? nameOf(s.rotatedBy) : null,
    rotatedAt: s.rotatedAt?.toISOString() ?? null,
    ...usersOf(uses.filter((use) => use.secret === s.name)),
  }))
}

const usersOf = (uses: readonly SecretUse[]): Pick<SecretItem, 'usedBy' | 'workloads'> => ({
  usedBy: uses.map((use) => use.name),
  workloads: uses.map(({ id, name }) => ({ id, name })),
})
