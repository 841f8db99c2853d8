import type { Role } from '@clawbernetes/protocol/permissions'
import type { SystemCtx } from '../context'
import { parseRole } from './resolve-actor'

/** What steps that change people's rights look at to see that they are done. */
export async function readRole(sys: SystemCtx, input: { orgId: string; userId: string }): Promise<Role | null> {
  const member = await sys.db.member.findUnique({
    where: { organizationId_userId: { organizationId: input.orgId, userId: input.userId } },
  })
  return member ? parseRole(member.role) : null
}

export async function readInvitation(
  sys: SystemCtx,
  input: { orgId: string; email: string },
): Promise<{ role: Role; expiresAt: Date } | null> {
  const row = await sys.db.invitation.findFirst({
    where: {
      organizationId: input.orgId,
      email: { equals: input.email, mode: 'insensitive' },
      status: 'pending',
      expiresAt: { gt: sys.now() },
    },
    orderBy: { createdAt: 'desc' },
  })
  return row ? { role: parseRole(row.role ?? ''), expiresAt: row.expiresAt } : null
}

export async function readKeyState(
  sys: SystemCtx,
  input: { orgId: string } & ({ stepId: string } | { apiKeyId: string }),
): Promise<{ name: string; scopes: string[]; revoked: boolean } | null> {
  const which = 'stepId' in input ? { createdByStep: input.stepId } : { id: input.apiKeyId }
  const row = await sys.db.apiKey.findFirst({ where: { orgId: input.orgId, ...which } })
  return row ? { name: row.name, scopes: row.scopes, revoked: row.revokedAt !== null } : null
}
