import { pendingPlans } from '@clawbernetes/services/chat/pending-plans'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { redactSecrets } from '@clawbernetes/domain/chat/redact-secrets'
import { inert } from '@clawbernetes/protocol/text'
import type { ToolRun } from '../run-tool'

const MAX_CHARS = 40_000
/** Words that may claim a decision or its effect. */
const CLAIMS = /\b(?:approv|reject|decid|confirm|execut|start|launch|deploy|stopp|delet|drain|running|done)\w*|\bPL-\d/i

/**
 * A model's words as they are stored, with what the rows say of its plans behind them: a model that claims to have approved or done
 * something is contradicted in the same message.
 */
export async function honestClosing(env: ToolRun, words: string, notes: readonly string[]): Promise<string> {
  const said = redactSecrets(inert(words, MAX_CHARS)).trim()
  const waiting: string[] = []
  const started: string[] = []
  for (const planId of new Set(env.collect.plans)) {
    const plan = await readPlan({ ctx: env.ctx, input: { planId } })
    if (plan.state === 'proposed') waiting.push(plan.label)
    else started.push(`${plan.label} is ${plan.state}: the policy lets it run without a decision.`)
  }
  const claimed = CLAIMS.test(said) ? await stillWaiting(env) : []
  const closing = [
    ...notes,
    ...(claimed.length > 0 ? [`${claimed.join(', ')} still waits for a decision.`] : []),
    ...started,
    ...(waiting.length > 0
      ? [
          `${waiting.join(', ')} ${waiting.length === 1 ? 'waits' : 'wait'} for your decision; nothing has been changed.`,
        ]
      : []),
  ]
  return [said, ...closing].filter(Boolean).join('\n\n')
}

/** Plans of the conversation from before this turn that nobody has decided on. */
async function stillWaiting(env: ToolRun): Promise<string[]> {
  const pending = await pendingPlans({ ctx: env.ctx, input: { threadId: env.run.threadId } })
  return pending.filter((p) => !env.collect.plans.includes(p.id)).map((p) => p.label)
}
