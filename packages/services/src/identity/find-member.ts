import type { DbOrTx } from '../context'
import { ServiceError } from '../errors'
import { parseRole } from './resolve-actor'
import type { Role } from '@clawbernetes/protocol/permissions'

export interface FoundMember {
  id: string
  userId: string
  name: string
  email: string
  role: Role
}

/** One member by member id, user id, e-mail or exact name; null: nobody. Two of the same name are asked apart by e-mail. */
export async function findMember(db: DbOrTx, orgId: string, ref: string): Promise<FoundMember | null> {
  const rows = await db.member.findMany({
    where: {
      organizationId: orgId,
      OR: [
        { id: ref },
        { userId: ref },
        { user: { email: { equals: ref, mode: 'insensitive' } } },
        { user: { name: { equals: ref, mode: 'insensitive' } } },
      ],
    },
    include: { user: true },
    take: 2,
  })
  const [row] = rows
  if (!row) return null
  if (rows.length > 1) throw new ServiceError('invalid', `Two members are called ${ref}. Use the e-mail.`)
  return { id: row.id, userId: row.userId, name: row.user.name, email: row.user.email, role: parseRole(row.role) }
}
