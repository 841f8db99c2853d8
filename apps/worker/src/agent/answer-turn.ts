import {
  EMERGENCY_WORDS,
  isAboutEmergencyStop,
  meansEmergencyStop,
} from '@clawbernetes/domain/approvals/emergency-words'
import type { FreezeView } from '@clawbernetes/protocol/views/freeze'
import { readFreeze } from '@clawbernetes/services/approvals/read-freeze'
import type { Turn } from '@clawbernetes/skills/registry/define-tool'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import { actOnPlans, isAct } from './act-on-plans'
import { askBack } from './ask-back'
import { plannerContext } from './planner-context'
import { proposeRecommended } from './recommend'
import { runParts } from './run-parts'
import { readWithSelection } from './selected'
import type { TurnCollector } from './turn-collector'
import { undoInThread } from './undo-in-thread'

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
  if (isAboutEmergencyStop(text)) return freezeWords(await readFreeze({ ctx }))
  const undone = await undoInThread(ctx, run, text, collect)
  if (undone !== null) return undone
  const { context, inventory, pending } = known ?? (await plannerContext(ctx, run))
  const reading = readWithSelection({ utterance: text, context, inventory }, run.message?.context?.selection)
  const { parts, inOrder } = reading
  const turn: Turn = {
    text,
    threadId: run.threadId,
    focus: { ...(context.focus as Turn['focus']) },
    untrusted: [...collect.untrusted],
  }
  const env = { sys, ctx, run, turn, collect }
  const read = { text, context, inventory }
  const look = (part: (typeof parts)[number]) =>
    isAct(part.intent) ? actOnPlans(env, part, pending, read) : Promise.resolve(askBack(part, read, collect))
  const words: string[] = []
  if (inOrder) words.push(...(await runParts(env, parts, { from: 1, of: parts.length }, look)))
  else for (const part of parts) words.push(...(await runParts(env, [part], { from: 1, of: 1 }, look)))
  if (collect.dialogue.recommendation) await collect.say?.(words.filter(Boolean).join('\n\n'))
  const question = parts.length === 1 ? await proposeRecommended(env) : null
  return [...words, question ?? '', reading.left ?? ''].filter(Boolean).join('\n\n')
}

/** Whether everything of the agent stands still, since when and by whom, and where that ends. */
function freezeWords({ frozen, mayLift }: FreezeView): string {
  if (!frozen) return 'The emergency stop is off: what is approved is carried out.'
  const at = `${frozen.at.slice(0, 10)} ${frozen.at.slice(11, 16)} UTC`
  const why = frozen.reason ? ` Reason: “${frozen.reason}”.` : ''
  const lift = mayLift
    ? 'You can lift it with Lift… in the bar at the top'
    : 'An administrator lifts it in the bar at the top'
  return `Yes: ${frozen.by} pulled the emergency stop on ${at}.${why} Nothing of mine runs until it is lifted. ${lift}; a sentence does not.`
}
