import { describe } from '@clawbernetes/skills/planner/reply'
import type { Understanding } from '@clawbernetes/skills/planner/understand'
import type { Turn } from '@clawbernetes/skills/registry/define-tool'
import type { PendingPlan } from '@clawbernetes/services/chat/pending-plans'
import { can } from '@clawbernetes/protocol/roles'
import { askBack, offer, type Read } from './ask-back'
import { decideByText } from './decide-by-text'
import { reviseWith } from './revise'
import type { ToolRun } from './run-tool'
import { takeHeld } from './take-held'

const ACTS: ReadonlySet<string> = new Set(['approve', 'reject', 'modify_plan', 'clarify', 'refuse', 'out_of_scope'])
export const isAct = (intent: string): boolean => ACTS.has(intent)

/** What is no tool: a decision or a change on a waiting plan, or words back. Returns the words. */
export async function actOnPlans(
  env: ToolRun,
  u: Understanding,
  pending: readonly PendingPlan[],
  read: Read,
): Promise<string> {
  const { sys, run, collect } = env
  const named =
    typeof u.slots.plan === 'string'
      ? pending.find((p) => p.label.toLowerCase() === String(u.slots.plan).toLowerCase())
      : undefined
  const only = named ?? (pending.length === 1 ? pending[0] : undefined)
  if (u.intent === 'approve')
    return only ? decideByText(sys, run, only, 'approve', collect) : 'Nothing is waiting for approval here.'
  if (u.intent === 'reject') return only ? rejected(env, only) : u.text
  if (u.intent === 'modify_plan') return modified(env, u, only, pending, read.text)
  return askBack(u, read, collect)
}

/** What was to follow the rejected plan does not follow. */
async function rejected({ sys, run, collect }: ToolRun, plan: PendingPlan): Promise<string> {
  const words = await decideByText(sys, run, plan, 'reject', collect)
  const held = takeHeld(collect, plan.id)
  if (!held) return words
  const dropped = held.steps.map((step) => describe(step.intent, step.slots)).join('; ')
  return `${words} What was to follow it is dropped: ${dropped}.`
}

async function modified(
  { ctx, turn, collect }: { ctx: ToolRun['ctx']; turn: Turn; collect: ToolRun['collect'] },
  u: Understanding,
  only: PendingPlan | undefined,
  pending: readonly PendingPlan[],
  text: string,
): Promise<string> {
  if (!only) {
    if (pending.length === 0) return 'No plan is waiting that could be changed.'
    const question = `${pending.length} plans are waiting: ${pending.map((p) => p.label).join(', ')}. Which one do you mean?`
    offer(
      question,
      pending.map(({ label }) => ({ label, send: `${label}: ${text}`.slice(0, 2000) })),
      collect,
    )
    return question
  }
  if (!can(ctx.actor.role, 'propose')) return `Changing a plan needs the role operator; yours is ${ctx.actor.role}.`
  const { plan: _, ...changes } = u.slots
  collect.blocks.push({ type: 'plan', planId: only.id })
  if (Object.keys(changes).length === 0)
    return `What should change in ${only.label}? You can also use Edit on its card.`
  return (await reviseWith(ctx, turn, only, changes)).say
}
