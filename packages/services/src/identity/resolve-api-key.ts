import { sharedDb } from '@clawbernetes/db/client'
import type { ApiKeyModel } from '@clawbernetes/db/rows'
import type { Ctx, Db, Via } from '../context'
import { ServiceError } from '../errors'
import { hashApiKey, looksLikeApiKey } from './api-key-secret'
import { knownScopes } from './api-key-view'
import { parseRole } from './resolve-actor'

type FoundKey = Pick<
  ApiKeyModel,
  'id' | 'orgId' | 'userId' | 'name' | 'scopes' | 'createdAt' | 'expiresAt' | 'revokedAt' | 'windowAt' | 'windowCount'
>

const WINDOW_MS = 60_000
/** Calls a key may make in a minute. A person's programs stay far below; a loop without a pause does not. */
export const MAX_CALLS_PER_MINUTE = 600

/**
 * Who calls with this key, with the rights that its person has now, cut down to the key's scopes. The key and the membership are
 * read at every call, so that a revoked key and a removed member are out at once.
 * Throws `unauthenticated` (unknown, revoked, expired, no longer a member) or `rate-limited` with `retryAfterS` in its data.
 */
export async function resolveApiKey(call: {
  /** Left out: the process's own. */
  db?: Db
  now?: () => Date
  token: string
  via: Via
  callsPerMinute?: number
}): Promise<Ctx> {
  const { db = sharedDb().db, now = () => new Date(), via } = call
  if (!looksLikeApiKey(call.token)) throw refused('This is not an API key of Clawbernetes: they begin with claw_.')
  const at = now()
  const key = await countCall(db, hashApiKey(call.token), at)
  if (!key) throw refused('This API key does not exist. It may have been made for another installation.')
  if (key.revokedAt) throw refused(`The API key ${key.name} was revoked.`)
  if (key.expiresAt && key.expiresAt <= at)
    throw refused(`The API key ${key.name} expired on ${key.expiresAt.toISOString().slice(0, 10)}.`)
  const member = await db.member.findUnique({
    where: { organizationId_userId: { organizationId: key.orgId, userId: key.userId } },
    include: { user: { select: { name: true } } },
  })
  // Somebody who was removed and came back makes new keys: the old ones belonged to the membership that ended.
  if (!member || member.createdAt > key.createdAt)
    throw refused('The person of this API key is no longer a member of the organisation.')
  const limit = call.callsPerMinute ?? MAX_CALLS_PER_MINUTE
  if (key.windowCount > limit) {
    const endsMs = (key.windowAt ?? at).getTime() + WINDOW_MS
    throw new ServiceError('rate-limited', `More than ${limit} calls in a minute with this key. Wait and try again.`, {
      retryAfterS: Math.max(1, Math.ceil((endsMs - at.getTime()) / 1000)),
    })
  }
  return {
    db,
    now,
    actor: {
      kind: 'person',
      userId: key.userId,
      userName: member.user.name,
      orgId: key.orgId,
      role: parseRole(member.role),
      via,
      scopes: knownScopes(key.scopes),
      apiKey: { id: key.id, name: key.name },
    },
  }
}

/** Finds the key and counts this call in one statement, so that many processes together keep the limit. */
async function countCall(db: Db, hash: string, at: Date): Promise<FoundKey | null> {
  const windowStart = new Date(at.getTime() - WINDOW_MS)
  const [found] = await db.$queryRaw<FoundKey[]>`
    update api_key set
      window_count = case when window_at is null or window_at <= ${windowStart} then 1 else window_count + 1 end,
      window_at = case when window_at is null or window_at <= ${windowStart} then ${at} else window_at end,
      last_used_at = case when revoked_at is null then ${at} else last_used_at end
    where hash = ${hash}
    returning id, org_id as "orgId", user_id as "userId", name, scopes, created_at as "createdAt", expires_at as "expiresAt",
      revoked_at as "revokedAt", window_at as "windowAt", window_count as "windowCount"`
  return found ?? null
}

const refused = (message: string) => new ServiceError('unauthenticated', message)
