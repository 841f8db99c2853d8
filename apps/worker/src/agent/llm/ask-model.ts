import { setTimeout as sleep } from 'node:timers/promises'
import { AIMessage, type BaseMessage } from '@langchain/core/messages'
import {
  costOf,
  overDayBudget,
  overTurnBudget,
  tokensOfText,
  type TokenUse,
} from '@clawbernetes/domain/chat/planner-budget'
import { dayUsage } from '@clawbernetes/services/planner/day-usage'
import { recordUsage } from '@clawbernetes/services/planner/record-usage'
import { type LlmTurn, MAX_BAD_CALLS, MAX_MODEL_CALLS } from './llm-turn'
import type { ProviderFetch } from './provider-fetch'
import { BrokenAnswer, readFailure, SilentProvider } from './provider-failure'
import { isWhole, settleMessage, tokensOf } from './settle-message'

/** One call of the model as LangChain's loop would make it. */
export type Handler = () => Promise<AIMessage>

/**
 * Asks the model once for the loop: budgets first, then with retries. Throws when it did not answer, with `turn.failure` set; an
 * end that has words of its own (a budget, a loop) is an answer like any other.
 */
export async function askModel(
  turn: LlmTurn,
  http: ProviderFetch,
  asked: readonly BaseMessage[],
  handler: Handler,
): Promise<AIMessage> {
  const over = await whyNoFurtherCall(turn)
  if (over) return closing(turn, over)
  turn.modelCalls++
  const askedChars = asked.reduce((n, m) => n + m.text.length + 20, 0)
  for (let attempt = 1; ; attempt++) {
    const mark = turn.words.mark()
    turn.finish = null
    try {
      const message = await once(turn, http, handler)
      if (!isWhole(turn.language.provider, message, turn.finish)) throw new BrokenAnswer('no end')
      await count(turn, tokensOf(message, askedChars))
      return noMoreCalls(turn, settleMessage(turn, message))
    } catch (error) {
      if (turn.signal.aborted) throw error
      const spoken = turn.words.mark() - mark
      turn.words.rewind(mark)
      // What broke off was made all the same, and is paid for.
      if (spoken > 0)
        await count(turn, {
          inputTokens: tokensOfText(askedChars),
          outputTokens: tokensOfText(spoken),
          estimated: true,
        })
      const failure = readFailure(error, http.last)
      const pauseMs = failure.retryAfterMs ?? turn.times.backoffMs * 2 ** (attempt - 1)
      if (!failure.again || attempt >= turn.times.attempts || pauseMs > turn.times.longestPauseMs) {
        turn.failure = failure
        throw error
      }
      await sleep(pauseMs, undefined, { signal: turn.signal })
    }
  }
}

/** One request, ended when the provider falls silent. */
async function once(turn: LlmTurn, http: ProviderFetch, handler: Handler): Promise<AIMessage> {
  const clock = new AbortController()
  const { silenceMs, callMs } = turn.times
  let onSilence: (error: Error) => void = () => {}
  const silent = new Promise<never>((_, reject) => {
    onSilence = reject
  })
  const end = (ms: number) => () => {
    onSilence(new SilentProvider(Math.max(1, Math.round(ms / 1000))))
    clock.abort()
  }
  let silence = setTimeout(end(silenceMs), silenceMs)
  const whole = setTimeout(end(callMs), callMs)
  turn.heard = () => {
    clearTimeout(silence)
    silence = setTimeout(end(silenceMs), silenceMs)
  }
  http.signal = AbortSignal.any([turn.signal, clock.signal])
  const stopped = new Promise<never>((_, reject) => {
    turn.signal.addEventListener('abort', () => reject(new Error('stopped')), { signal: clock.signal, once: true })
  })
  try {
    return await Promise.race([handler(), silent, stopped])
  } finally {
    clearTimeout(silence)
    clearTimeout(whole)
    turn.heard = () => {}
    http.signal = null
    clock.abort()
  }
}

async function whyNoFurtherCall(turn: LlmTurn): Promise<string | null> {
  if (turn.modelCalls >= MAX_MODEL_CALLS) return 'I stopped here: this turn took too many steps.'
  if (turn.badCalls >= MAX_BAD_CALLS)
    return 'I stopped here: the language model kept asking for tools that do not exist or with arguments that do not fit.'
  const turnOver = overTurnBudget(turn.used, turn.budgets)
  if (turnOver) return `I stopped here: the budget of one answer is used up (${turnOver}).`
  const dayOver = overDayBudget(await dayUsage(turn.env.sys, { orgId: turn.env.run.orgId }), turn.budgets)
  return dayOver
    ? `I stopped here: today's language model budget of this organisation is used up (${dayOver}). Until 00:00 UTC the embedded planner answers.`
    : null
}

/** After the last tool call that the budget allows, the model gets one more call to say what it found; calls in it are dropped. */
function noMoreCalls(turn: LlmTurn, message: AIMessage): AIMessage {
  if ((message.tool_calls ?? []).length === 0) return message
  if (!turn.toldNoMoreCalls) return message
  return new AIMessage({
    id: message.id ?? '',
    content: message.text || closingText(turn, 'I stopped here: this turn took too many steps.'),
  })
}

function closing(turn: LlmTurn, words: string): AIMessage {
  return new AIMessage({ id: `${turn.env.run.id}-end`, content: closingText(turn, words) })
}

function closingText(turn: LlmTurn, words: string): string {
  turn.words.pause()
  turn.words.push(words)
  return words
}

async function count(turn: LlmTurn, tokens: TokenUse): Promise<void> {
  const costMicroUsd = costOf(tokens, turn.language.price)
  turn.used.tokens += tokens.inputTokens + tokens.outputTokens
  turn.used.costMicroUsd += costMicroUsd ?? 0
  await countCalls(turn, { modelCalls: 1, tokens, costMicroUsd })
}

/** Adds to the organisation's day, with the tool calls since the last time. */
export async function countCalls(
  turn: LlmTurn,
  model: { modelCalls: number; tokens: TokenUse; costMicroUsd: number | null } | null,
): Promise<void> {
  const { sys, run } = turn.env
  const toolCalls = turn.uncounted
  turn.uncounted = 0
  if (!model && toolCalls === 0) return
  await recordUsage(sys, { orgId: run.orgId, model: turn.language.name, toolCalls, ...model })
}
