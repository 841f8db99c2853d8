import type { Inventory, PlannerContext } from '@clawbernetes/skills/planner/understand'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import { inventoryNames } from '@clawbernetes/services/chat/inventory-names'
import { type PendingPlan, pendingPlans } from '@clawbernetes/services/chat/pending-plans'
import type { Ctx } from '@clawbernetes/services/context'

/** Everything the planner may know besides the words themselves: from rows, never from a model. */
export async function plannerContext(
  ctx: Ctx,
  run: ClaimedRun,
): Promise<{ context: PlannerContext; inventory: Inventory; pending: PendingPlan[] }> {
  const [pending, inventory] = await Promise.all([
    pendingPlans({ ctx, input: { threadId: run.threadId, shown: run.dialogue.recommendation?.plan } }),
    inventoryNames({ ctx }),
  ])
  const page = run.message?.context
  // What the page shows comes first: the person is looking at it now.
  const focus = {
    ...run.dialogue.focus,
    ...(page?.node ? { node: page.node } : {}),
    ...(page?.gpu === undefined ? {} : { gpu: page.gpu }),
    ...(page?.workload ? { workload: page.workload } : {}),
    ...(page?.plan ? { plan: page.plan } : {}),
  }
  return {
    pending,
    inventory,
    context: {
      history: run.history.map((m) => ({ role: m.role === 'user' ? 'user' : 'assistant', text: m.text })),
      focus,
      pending_plan: pending.map((p) => ({ id: p.label, intent: p.intent, slots: p.args, risk: p.risk })),
      recommendation: run.dialogue.recommendation ?? null,
      asking: run.dialogue.asking ?? null,
    },
  }
}
