import { EXAMPLE_OF } from '@clawbernetes/skills/planner/examples'
import { isTool } from '@clawbernetes/skills/planner/tools-table'
import { EMERGENCY_WORDS, meansEmergencyStop } from '@clawbernetes/domain/approvals/emergency-words'
import { type Understanding, understand } from '@clawbernetes/skills/planner/understand'
import type { Turn } from '@clawbernetes/skills/registry/define-tool'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import type { PendingPlan } from '@clawbernetes/services/chat/pending-plans'
import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import { can } from '@clawbernetes/protocol/roles'
import { runEmbedded } from './agent-loop'
import { decideByText } from './decide-by-text'
import { plannerContext } from './planner-context'
import { proposeRecommended } from './recommend'
import { reviseWith } from './revise'
import type { TurnCollector } from './turn-collector'
import { undoInThread } from './undo-in-thread'

const ACTS = new Set(['approve', 'reject', 'modify_plan', 'clarify', 'refuse', 'out_of_scope'])

/** The embedded planner: understands one message and answers it with an act on a waiting plan, a question back, or tools. Returns the words. */
export async function answerTurn(
  sys: SystemCtx,
  ctx: Ctx,
  run: ClaimedRun,
  collect: TurnCollector,
  known?: Awaited<ReturnType<typeof plannerContext>>,
): Promise<string> {
  const text = run.message?.text ?? ''
  if (meansEmergencyStop(text)) return EMERGENCY_WORDS
  const undone = await undoInThread(ctx, run, text, collect)
  if (undone !== null) return undone
  const { context, inventory, pending } = known ?? (await plannerContext(ctx, run))
  const understood = understand({ utterance: text, context, inventory })
  const turn: Turn = {
    text,
    threadId: run.threadId,
    focus: { ...(context.focus as Turn['focus']) },
    untrusted: [...collect.untrusted],
  }
  const env = { sys, ctx, run, turn, collect }
  const parts = understood.parts && understood.parts.length > 0 ? understood.parts : [understood]
  const words: string[] = []
  for (const part of parts) {
    if (ACTS.has(part.intent)) words.push(await act(sys, ctx, run, turn, part, pending, collect))
    else if (part.askFor && part.asking) words.push(askBack(part, collect))
    else {
      // What was recommended after reading text from machines is proposed with that mark, also a turn later.
      const recommended = run.dialogue.recommendation
      if (recommended?.intent === part.intent) turn.untrusted.push(...(recommended.untrusted ?? []))
      words.push(await runEmbedded(env, [{ name: part.intent, args: part.slots }]))
      const question = await proposeRecommended(env)
      if (question !== null) words.push(question)
    }
  }
  return words.join('\n\n')
}

async function act(
  sys: SystemCtx,
  ctx: Ctx,
  run: ClaimedRun,
  turn: Turn,
  u: Understanding,
  pending: PendingPlan[],
  collect: TurnCollector,
): Promise<string> {
  const named =
    typeof u.slots.plan === 'string'
      ? pending.find((p) => p.label.toLowerCase() === String(u.slots.plan).toLowerCase())
      : undefined
  const only = named ?? (pending.length === 1 ? pending[0] : undefined)
  if (u.intent === 'approve')
    return only ? decideByText(sys, run, only, 'approve', collect) : 'Nothing is waiting for approval here.'
  if (u.intent === 'reject') return only ? decideByText(sys, run, only, 'reject', collect) : u.text
  if (u.intent === 'modify_plan') {
    if (!only)
      return pending.length === 0
        ? 'No plan is waiting that could be changed.'
        : `${pending.length} plans are waiting: ${pending.map((p) => p.label).join(', ')}. Which one do you mean?`
    if (!can(ctx.actor.role, 'propose')) return `Changing a plan needs the role operator; yours is ${ctx.actor.role}.`
    const { plan: _, ...changes } = u.slots
    if (Object.keys(changes).length === 0) {
      collect.blocks.push({ type: 'plan', planId: only.id })
      return `What should change in ${only.label}? You can also use Edit on its card.`
    }
    const revised = await reviseWith(ctx, turn, only, changes)
    collect.blocks.push({ type: 'plan', planId: only.id })
    return revised.say
  }
  offerNearest(u, collect)
  return u.text
}

function askBack(u: Understanding, collect: TurnCollector): string {
  if (u.asking) collect.dialogue.asking = u.asking
  return u.text
}

/** What it might have been, as buttons. */
function offerNearest(u: Understanding, collect: TurnCollector): void {
  const options = u.nearest.flatMap((name) =>
    isTool(name) ? [{ label: EXAMPLE_OF[name], send: EXAMPLE_OF[name] }] : [],
  )
  if (options.length > 0)
    collect.blocks.push({ type: 'choice', question: 'Did you mean one of these?', options: options.slice(0, 3) })
}
