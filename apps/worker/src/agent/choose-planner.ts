import { overDayBudget } from '@clawbernetes/domain/chat/planner-budget'
import { can } from '@clawbernetes/protocol/roles'
import type { Block } from '@clawbernetes/protocol/views/blocks'
import { isActOnPlans } from '@clawbernetes/skills/planner/is-act-on-plans'
import type { Turn } from '@clawbernetes/skills/registry/define-tool'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import { dayUsage } from '@clawbernetes/services/planner/day-usage'
import { recordUsage } from '@clawbernetes/services/planner/record-usage'
import { resolvePlanner } from '@clawbernetes/services/planner/resolve-planner'
import type { Logger } from 'pino'
import { answerTurn } from './answer-turn'
import { type LlmFailure, LLM_TIMES, type LlmTimes } from './llm/llm-turn'
import { WordStream } from './llm/word-stream'
import { plannerContext } from './planner-context'
import type { TurnCollector } from './turn-collector'

export interface Answered {
  text: string
  /** "embedded", or "<provider>/<model>". */
  planner: string
}

const EMBEDDED = 'embedded'

/**
 * Answers a message with the organisation's planner. What decides on waiting plans is read by the embedded planner's grammar before
 * any model sees it; a language model that does not answer is replaced by the embedded planner, and the answer says so.
 */
export async function answerWithPlanner(
  input: { sys: SystemCtx; ctx: Ctx; run: ClaimedRun; collect: TurnCollector; messageId: string; log: Logger },
  times: LlmTimes = LLM_TIMES,
): Promise<Answered> {
  const { sys, ctx, run, collect, log } = input
  const [known, planner] = await Promise.all([plannerContext(ctx, run), resolvePlanner(sys, { orgId: run.orgId })])
  const embedded = async (notice: string | null): Promise<Answered> => {
    // The notice is the beginning, and it stands there when all is said.
    if (notice) collect.say = null
    const text = await answerTurn(sys, ctx, run, collect, known)
    return { planner: EMBEDDED, text: notice ? `${notice}\n\n${text}` : text }
  }
  const { language } = planner
  if (!language) return embedded(planner.problem ? notSetUp(planner.problem, ctx) : null)
  const utterance = run.message?.text ?? ''
  if (isActOnPlans({ utterance, context: known.context, inventory: known.inventory })) return embedded(null)
  const over = overDayBudget(await dayUsage(sys, { orgId: run.orgId }), planner.budgets)
  if (over)
    return embedded(
      `Today's language model budget of this organisation is used up (${over}); answered by the embedded planner.`,
    )
  const words = new WordStream(sys, run, input.messageId, (error) =>
    log.warn({ runId: run.id, error: String(error) }, 'words were lost'),
  )
  const turn: Turn = {
    text: utterance,
    threadId: run.threadId,
    focus: { ...(known.context?.focus as Turn['focus']) },
    untrusted: [],
  }
  // Its words are streamed as it writes them, its steps told of as they end.
  collect.steps = null
  collect.say = null
  await recordUsage(sys, { orgId: run.orgId, model: language.name, turns: 1 })
  const { runLlmTurn } = await import('./llm/run-llm-turn')
  const answer = await runLlmTurn({
    env: { sys, ctx, run, turn, collect },
    language,
    budgets: planner.budgets,
    times,
    words,
    onTrouble: (what, error) =>
      log.warn(
        { runId: run.id, model: language.name, what, error: String(error) },
        'the language model did not answer',
      ),
  })
  collect.untrusted = [...new Set([...collect.untrusted, ...turn.untrusted])]
  // A question or recommendation of a model lives in its words, not in the embedded planner's memory.
  const { focus = {}, then } = collect.dialogue
  collect.dialogue = { focus, ...(then ? { then } : {}) }
  if (answer.kind !== 'fallback') {
    keepTheLast(collect)
    return { text: answer.text, planner: language.name }
  }
  await recordUsage(sys, { orgId: run.orgId, model: language.name, fallbacks: 1 })
  collect.blocks = []
  return embedded(fallbackWords(answer.failure, ctx))
}

const MAX_BLOCKS = 6

/** A model may look at many things; the person gets the plans and the last of what was read. */
function keepTheLast(collect: TurnCollector): void {
  const read = collect.blocks.filter((b) => b.type !== 'plan')
  const drop = new Set<Block>(read.slice(0, Math.max(0, read.length - MAX_BLOCKS)))
  collect.blocks = collect.blocks.filter((b) => !drop.has(b))
}

function fallbackWords(failure: LlmFailure, ctx: Ctx): string {
  const advice = failure.advice && can(ctx.actor.role, 'managePolicy') ? ` ${failure.advice}` : ''
  return `The language model did not answer (${failure.short}); answered by the embedded planner.${advice}`
}

const notSetUp = (problem: string, ctx: Ctx): string =>
  can(ctx.actor.role, 'managePolicy')
    ? `The language model is not set up: ${problem} Answered by the embedded planner.`
    : 'The language model is not set up; answered by the embedded planner.'
