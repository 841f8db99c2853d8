import { effectivePolicy } from '@clawbernetes/domain/approvals/effective-policy'
import { addUsage, type AutoUsage, NO_USAGE, type PlanScope } from '@clawbernetes/domain/approvals/plan-scope'
import { rule } from '@clawbernetes/domain/approvals/policy'
import { planContent } from '@clawbernetes/protocol/plans/content'
import { policyDocument } from '@clawbernetes/protocol/policy/org-policy'
import type { SimulationView } from '@clawbernetes/protocol/views/policy'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'
import { planLabel } from '../plans/plan-digest'
import { labelsOf, scopeOf } from './rule-plan'

const DAY_MS = 86_400_000
const DAYS = 30
const MAX_PLANS = 2000

export const simulatePolicyInput = z.object({ document: policyDocument })

/**
 * Runs a draft over the plans of the last 30 days, each at the moment it was proposed, with the limits filling up as they would
 * have. Risks are those on the cards, labels those that nodes carry now. Changes nothing.
 */
export async function simulatePolicy({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof simulatePolicyInput>
}): Promise<SimulationView> {
  requirePermission(ctx, 'read')
  const { document } = parseInput(simulatePolicyInput, raw)
  const policy = effectivePolicy(document)
  const since = new Date(ctx.now().getTime() - DAYS * DAY_MS)
  const rows = await ctx.db.plan.findMany({
    where: { orgId: ctx.actor.orgId, createdAt: { gte: since } },
    orderBy: { number: 'desc' },
    take: MAX_PLANS + 1,
    include: { revisions: { orderBy: { revision: 'desc' }, take: 1 } },
  })
  const nodes = await ctx.db.node.findMany({
    where: { orgId: ctx.actor.orgId },
    select: { id: true, name: true, labels: true },
  })
  const byId = new Map(nodes.map((n) => [n.id, { name: n.name, labels: labelsOf(n.labels) }]))
  const ran: { atMs: number; scope: PlanScope }[] = []
  const plans = rows
    .slice(0, MAX_PLANS)
    .reverse()
    .flatMap((row) => {
      const [revision] = row.revisions
      if (!revision) return []
      const content = planContent.parse(revision.content)
      const scope = scopeOf(content, byId)
      const atMs = row.createdAt.getTime()
      const ruling = rule(policy, scope, usageAt(ran, atMs), atMs)
      if (ruling.answer === 'auto') ran.push({ atMs, scope })
      return [
        {
          id: row.id,
          label: planLabel(row.number),
          title: content.title,
          at: row.createdAt.toISOString(),
          risk: ruling.risk,
          answer: ruling.answer,
          approvals: ruling.approvalsNeeded,
          reason: [ruling.reason, ...ruling.raised].join('; '),
          was: row.state,
          byItself: row.decidedBy === 'policy',
        },
      ]
    })
    .reverse()
  const count = (answer: SimulationView['plans'][number]['answer']) => plans.filter((p) => p.answer === answer).length
  return {
    since: since.toISOString(),
    auto: count('auto'),
    asked: count('ask'),
    denied: count('deny'),
    truncated: rows.length > MAX_PLANS,
    plans,
  }
}

/** What the draft had let run in the day before. */
function usageAt(ran: readonly { atMs: number; scope: PlanScope }[], atMs: number): AutoUsage {
  let usage = NO_USAGE
  for (let i = ran.length - 1; i >= 0; i--) {
    const one = ran[i]
    if (!one || one.atMs <= atMs - DAY_MS) break
    usage = addUsage(usage, one.scope)
  }
  return usage
}
