import type { SkillCardView } from '@clawbernetes/protocol/views/chat'
import { type Ctx, requirePermission } from '../context'

/** What the agent can do, with sentences to try. Empty until a worker has started. */
export async function listSkillCards({ ctx }: { ctx: Ctx }): Promise<SkillCardView[]> {
  requirePermission(ctx, 'read')
  const rows = await ctx.db.skillCard.findMany({ orderBy: { ordinal: 'asc' } })
  return rows.map(({ name, title, description, examples }) => ({
    name,
    title,
    description,
    examples: Array.isArray(examples) ? examples.filter((e): e is string => typeof e === 'string') : [],
  }))
}
