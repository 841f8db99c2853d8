import type { JoinTokenView } from '@clawbernetes/protocol/views/join-token'
import { type Ctx, requirePermission } from '../context'
import { joinTokenView } from './join-token-view'

const MAX_TOKENS = 200

/** The organisation's join tokens, newest first, without the tokens themselves. */
export async function listJoinTokens({ ctx }: { ctx: Ctx }): Promise<JoinTokenView[]> {
  requirePermission(ctx, 'manageNodes')
  const { orgId } = ctx.actor
  const rows = await ctx.db.joinToken.findMany({ where: { orgId }, orderBy: { createdAt: 'desc' }, take: MAX_TOKENS })
  const [users, nodes] = await Promise.all([
    ctx.db.user.findMany({ where: { id: { in: rows.map((row) => row.createdBy) } }, select: { id: true, name: true } }),
    ctx.db.node.findMany({
      where: { orgId, removedAt: null, joinTokenId: { in: rows.map((row) => row.id) } },
      select: { id: true, name: true, joinTokenId: true },
      orderBy: { name: 'asc' },
    }),
  ])
  const creators = new Map([['system', 'Clawbernetes'], ...users.map((user) => [user.id, user.name] as const)])
  return rows.map((row) =>
    joinTokenView(
      row,
      ctx.now(),
      creators,
      nodes.filter((node) => node.joinTokenId === row.id).map(({ id, name }) => ({ id, name })),
    ),
  )
}
