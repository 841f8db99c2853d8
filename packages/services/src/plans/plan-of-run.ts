import { canonicalJson } from '@clawbernetes/domain/canonical-json'
import { planContent } from '@clawbernetes/protocol/plans/content'
import { type Ctx, requirePermission } from '../context'
import { planLabel } from './plan-digest'

export interface PlanOfRun {
  planId: string
  label: string
  state: 'proposed' | 'approved'
  title: string
}

/** The plans that an agent run has proposed already, oldest first. */
export async function plansOfRun({ ctx, input }: { ctx: Ctx; input: { runId: string } }): Promise<PlanOfRun[]> {
  return (await rows(ctx, { runId: input.runId })).map(({ plan }) => plan)
}

export interface SameProposal {
  runId: string
  intent: string
  args: Record<string, unknown>
  /** When the run was taken for this attempt. */
  since: Date
  /** Plans that this attempt has found already. */
  except: readonly string[]
}

/**
 * The plan that stands for this proposal already: made earlier in this turn with the same arguments, or by an attempt of the same
 * run whose worker died. Each plan of a dead attempt is found once, so that two stops stay two.
 */
export async function planOfRun({ ctx, input }: { ctx: Ctx; input: SameProposal }): Promise<PlanOfRun | null> {
  const wanted = canonicalJson(input.args)
  const found = await rows(ctx, { runId: input.runId, intent: input.intent })
  const now = found.find((row) => row.createdAt >= input.since && canonicalJson(row.args) === wanted)
  const before = found.find((row) => row.createdAt < input.since && !input.except.includes(row.plan.planId))
  return now?.plan ?? before?.plan ?? null
}

async function rows(ctx: Ctx, where: { runId: string; intent?: string }) {
  requirePermission(ctx, 'read')
  const plans = await ctx.db.plan.findMany({
    where: { orgId: ctx.actor.orgId, ...where },
    orderBy: { number: 'asc' },
    include: { revisions: { where: { revision: 1 } } },
  })
  return plans.flatMap((row) => {
    const parsed = planContent.safeParse(row.revisions[0]?.content)
    if (!parsed.success) return []
    const plan: PlanOfRun = {
      planId: row.id,
      label: planLabel(row.number),
      state: row.state === 'proposed' ? 'proposed' : 'approved',
      title: parsed.data.title,
    }
    return [{ plan, args: parsed.data.tool.args, createdAt: row.createdAt }]
  })
}
