import { API_SCOPES, type ApiScope } from '@clawbernetes/protocol/permissions'
import type { ApiKeyView } from '@clawbernetes/protocol/views/api-key'
import type { ApiKeyModel } from '@clawbernetes/db/rows'

export function apiKeyView(
  row: ApiKeyModel,
  seen: { now: Date; userId: string | null; names: ReadonlyMap<string, string> },
): ApiKeyView {
  const { now, userId, names } = seen
  const waiting = row.sealed !== null && row.sealedUntil !== null && row.sealedUntil > now && row.userId === userId
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    scopes: knownScopes(row.scopes),
    state: row.revokedAt ? 'revoked' : row.expiresAt && row.expiresAt <= now ? 'expired' : 'active',
    owner: { id: row.userId, name: names.get(row.userId) ?? 'Former member' },
    mine: row.userId === userId,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    pickUpUntil: waiting ? (row.sealedUntil?.toISOString() ?? null) : null,
  }
}

/** A scope that this version does not know grants nothing. */
export const knownScopes = (stored: readonly string[]): ApiScope[] => API_SCOPES.filter((s) => stored.includes(s))
