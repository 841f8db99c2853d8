import { createHash, randomBytes } from 'node:crypto'
import { inert } from '@clawbernetes/protocol/text'
import type { SystemCtx } from '../context'
import type { OpenConnection } from './find-connections'

export const LINK_MINUTES = 15
export const hashLinkCode = (code: string): string => createHash('sha256').update(code).digest('hex')

/** A fresh code for somebody on the platform; an earlier one of theirs stops working. Only its hash is kept. */
export async function createLinkCode(
  sys: SystemCtx,
  connection: Pick<OpenConnection, 'id' | 'orgId'>,
  person: { externalId: string; externalName: string },
): Promise<string> {
  const code = randomBytes(18).toString('base64url')
  const now = sys.now()
  await sys.db.$transaction([
    sys.db.channelLink.deleteMany({ where: { connectionId: connection.id, externalId: person.externalId } }),
    sys.db.channelLink.deleteMany({ where: { expiresAt: { lt: now } } }),
    sys.db.channelLink.create({
      data: {
        codeHash: hashLinkCode(code),
        connectionId: connection.id,
        orgId: connection.orgId,
        externalId: person.externalId,
        externalName: inert(person.externalName, 80),
        expiresAt: new Date(now.getTime() + LINK_MINUTES * 60_000),
        createdAt: now,
      },
    }),
  ])
  return code
}
