import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { findTool } from '@clawbernetes/skills/registry/registry'
import type { Turn } from '@clawbernetes/skills/registry/define-tool'
import type { PendingPlan } from '@clawbernetes/services/chat/pending-plans'
import type { Ctx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { revisePlan } from '@clawbernetes/services/plans/revise-plan'

export type Revised = { ok: true; say: string; revision: number } | { ok: false; say: string }

/** Previews a waiting plan again with changed arguments and stores it as the next revision; approvals of the old one are void. */
export async function reviseWith(
  ctx: Ctx,
  turn: Turn,
  plan: Pick<PendingPlan, 'id' | 'label' | 'title' | 'intent' | 'args' | 'revision'>,
  changes: Record<string, unknown>,
): Promise<Revised> {
  const tool = findTool(plan.intent)
  if (!tool || tool.kind !== 'write') return { ok: false, say: `${plan.label} cannot be changed.` }
  const merged: Record<string, unknown> = { ...plan.args }
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete merged[key]
    else merged[key] = value
  }
  const args = tool.input.safeParse(merged)
  if (!args.success)
    return {
      ok: false,
      say: `${args.error.issues[0]?.path.join('.') ?? 'That'}: ${args.error.issues[0]?.message ?? 'it does not fit'}`,
    }
  const unknown = Object.keys(changes).filter((key) => !(key in (args.data as object)) && changes[key] !== null)
  if (unknown.length > 0) return { ok: false, say: `${plan.label} has no ${unknown.join(', ')} that could be changed.` }
  const preview = await tool.preview(args.data, { ctx, turn })
  if (!preview.ok) return { ok: false, say: 'question' in preview ? preview.question.ask : preview.say }
  try {
    const { revision } = await revisePlan({
      ctx,
      input: { planId: plan.id, fromRevision: plan.revision, content: keepOrder(plan.title, preview.content) },
    })
    return { ok: true, say: `${plan.label} is now r${revision}. ${preview.say}`, revision }
  } catch (error) {
    if (error instanceof ServiceError) return { ok: false, say: error.message }
    throw error
  }
}

/** A card that was one of several steps still says which. */
function keepOrder(title: string, content: PlanContent): PlanContent {
  const order = /^Step \d+ of \d+: /.exec(title)?.[0]
  return order === undefined ? content : { ...content, title: `${order}${content.title}`.slice(0, 160) }
}
