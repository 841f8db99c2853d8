import type { PendingPlan } from '@clawbernetes/services/chat/pending-plans'
import { requireDecisionHere } from '@clawbernetes/services/channels/decide-in-channel'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import { decide } from '@clawbernetes/services/approvals/decide'
import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { actorOfMember } from '@clawbernetes/services/identity/actor-of-member'
import type { TurnCollector } from './turn-collector'

/**
 * A typed yes or no, recognised by the planner's closed grammar and never by a model: decided in the name of the person who wrote
 * it, with their words as the quote, through the same verb as the button.
 */
export async function decideByText(
  sys: SystemCtx,
  run: ClaimedRun,
  plan: PendingPlan,
  decision: 'approve' | 'reject',
  collect: TurnCollector,
): Promise<string> {
  // Words from a chat platform are a decision through that platform: its own rule holds too, and the record says where.
  const channel = run.message?.channel
  const via = channel === 'slack' || channel === 'discord' ? channel : 'chat'
  const actor = await actorOfMember(sys.db, run.orgId, run.onBehalfOf, 'person', via, run.scopes)
  try {
    await requireDecisionHere({ ...sys, actor }, run.threadId)
    const quote = run.message?.text.slice(0, 2000) ?? ''
    const decided = await decide({
      ctx: { ...sys, actor },
      input: {
        planId: plan.id,
        revision: plan.revision,
        digest: plan.digest,
        decision,
        quote,
        ...(decision === 'reject' ? { reason: quote.slice(0, 500) } : {}),
      },
    })
    collect.blocks.push({ type: 'plan', planId: plan.id })
    collect.dialogue.focus = { ...collect.dialogue.focus, plan: plan.label }
    return decided.text
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    collect.blocks.push({ type: 'plan', planId: plan.id })
    return error.message
  }
}
