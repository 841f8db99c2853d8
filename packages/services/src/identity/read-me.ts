import type { ApiScope, Role } from '@clawbernetes/protocol/permissions'
import { type Ctx, requirePermission } from '../context'
import { ServiceError } from '../errors'

export interface Me {
  user: { id: string; name: string }
  organization: { id: string; name: string }
  role: Role
  key: { id: string; name: string; scopes: ApiScope[]; expiresAt: string | null }
}

/** Who an API key acts as, where, and what it may be used for. */
export async function readMe({ ctx }: { ctx: Ctx }): Promise<Me> {
  requirePermission(ctx, 'read')
  const { orgId, userId, userName, role, apiKey, scopes } = ctx.actor
  if (!apiKey || !userId) throw new ServiceError('invalid', 'This request was not made with an API key.')
  const [organization, key] = await Promise.all([
    ctx.db.organization.findUniqueOrThrow({ where: { id: orgId }, select: { id: true, name: true } }),
    ctx.db.apiKey.findUniqueOrThrow({ where: { id: apiKey.id }, select: { expiresAt: true } }),
  ])
  return {
    user: { id: userId, name: userName },
    organization,
    role,
    key: { ...apiKey, scopes: [...(scopes ?? [])], expiresAt: key.expiresAt?.toISOString() ?? null },
  }
}
