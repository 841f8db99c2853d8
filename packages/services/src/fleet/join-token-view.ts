import type { JoinTokenModel } from '@clawbernetes/db/rows'
import type { JoinTokenView } from '@clawbernetes/protocol/views/join-token'

export function joinTokenView(
  row: JoinTokenModel,
  now: Date,
  creators: ReadonlyMap<string, string>,
  nodes: { id: string; name: string }[],
): JoinTokenView {
  return {
    id: row.id,
    label: row.label,
    hint: row.hint,
    state: stateOf(row, now),
    uses: row.uses,
    maxUses: row.maxUses,
    demo: row.demo,
    createdAtMs: row.createdAt.getTime(),
    expiresAtMs: row.expiresAt.getTime(),
    revokedAtMs: row.revokedAt?.getTime() ?? null,
    lastUsedAtMs: row.lastUsedAt?.getTime() ?? null,
    createdBy: { id: row.createdBy, name: creators.get(row.createdBy) ?? 'Former member' },
    nodes,
  }
}

function stateOf(row: JoinTokenModel, now: Date): JoinTokenView['state'] {
  if (row.revokedAt) return 'revoked'
  if (row.uses >= row.maxUses) return 'used-up'
  return row.expiresAt <= now ? 'expired' : 'active'
}
