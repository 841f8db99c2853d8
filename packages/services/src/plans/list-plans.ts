import { planContent, type Risk } from '@clawbernetes/protocol/plans/content'
import type { PlanListItem, PlanStateName } from '@clawbernetes/protocol/views/plan'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'
import { planLabel } from './plan-digest'

export const listPlansInput = z.object({
  /** waiting: undecided · active: approved or running · decided: everything that is over. */
  view: z.enum(['waiting', 'active', 'decided', 'all']).default('waiting'),
  threadId: z.string().max(60).nullable().default(null),
  /** Only those that continue this plan or take it back. */
  parentId: z.string().max(60).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(50),
  /** Plan number to go on below. */
  before: z.number().int().nullable().default(null),
})

const STATES: Record<'waiting' | 'active' | 'decided', PlanStateName[]> = {
  waiting: ['proposed'],
  active: ['approved', 'running', 'compensating'],
  decided: [
    'succeeded',
    'partial',
    'failed',
    'cancelled',
    'rejected',
    'expired',
    'stale',
    'withdrawn',
    'compensated',
    'needs_attention',
  ],
}

/** Plans of the organisation, the soonest to expire first when they wait, else the newest first. */
export async function listPlans({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof listPlansInput>
}): Promise<PlanListItem[]> {
  requirePermission(ctx, 'read')
  const input = parseInput(listPlansInput, raw)
  const rows = await ctx.db.plan.findMany({
    where: {
      orgId: ctx.actor.orgId,
      ...(input.view === 'all' ? {} : { state: { in: STATES[input.view] } }),
      ...(input.view === 'waiting' ? { expiresAt: { gt: ctx.now() } } : {}),
      ...(input.threadId ? { threadId: input.threadId } : {}),
      ...(input.parentId ? { parentId: input.parentId } : {}),
      ...(input.before ? { number: { lt: input.before } } : {}),
    },
    orderBy: input.view === 'waiting' ? { expiresAt: 'asc' } : { number: 'desc' },
    take: input.limit,
    include: { revisions: { orderBy: { revision: 'desc' }, take: 1 }, approvals: { where: { decision: 'approve' } } },
  })
  const users = await ctx.db.user.findMany({
    where: { id: { in: rows.map((r) => r.proposedBy) } },
    select: { id: true, name: true },
  })
  return rows.flatMap((row) => {
    const revision = row.revisions[0]
    if (!revision) return []
    return [
      {
        id: row.id,
        label: planLabel(row.number),
        revision: row.revision,
        digest: revision.digest,
        action: row.intent,
        title: planContent.parse(revision.content).title,
        state: row.state,
        risk: revision.risk as Risk,
        proposedBy: users.find((u) => u.id === row.proposedBy)?.name ?? 'Clawbernetes',
        threadId: row.threadId,
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        approvalsNeeded: revision.approvalsNeeded,
        approvals: row.approvals.filter((a) => a.revision === row.revision).length,
        mine: row.proposedBy === ctx.actor.userId,
        demo: row.demo,
      },
    ]
  })
}
