import type { ApiKeyView } from '@clawbernetes/protocol/views/api-key'
import * as z from 'zod'
import { allowed, type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'
import { apiKeyView } from './api-key-view'

const MAX_KEYS = 200

export const listApiKeysInput = z.object({
  /** all: of every member, for those who manage members. */
  of: z.enum(['me', 'all']).default('me'),
})

/** API keys without the keys themselves: those in use first, then the newest. */
export async function listApiKeys({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof listApiKeysInput>
}): Promise<ApiKeyView[]> {
  const { of } = parseInput(listApiKeysInput, raw)
  requirePermission(ctx, of === 'all' ? 'manageMembers' : 'read')
  const { orgId, userId } = ctx.actor
  const everyone = of === 'all' && allowed(ctx, 'manageMembers')
  const rows = await ctx.db.apiKey.findMany({
    where: { orgId, ...(everyone ? {} : { userId: userId ?? '' }) },
    orderBy: { createdAt: 'desc' },
    take: MAX_KEYS,
  })
  const users = await ctx.db.user.findMany({
    where: { id: { in: [...new Set(rows.map((row) => row.userId))] } },
    select: { id: true, name: true },
  })
  const names = new Map(users.map((user) => [user.id, user.name] as const))
  const views = rows.map((row) => apiKeyView(row, { now: ctx.now(), userId, names }))
  return [...views.filter((view) => view.state === 'active'), ...views.filter((view) => view.state !== 'active')]
}
