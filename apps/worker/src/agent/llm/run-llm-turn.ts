import { BaseCallbackHandler } from '@langchain/core/callbacks/base'
import { AIMessage, AIMessageChunk, type BaseMessage, ToolMessage } from '@langchain/core/messages'
import { ChatGenerationChunk } from '@langchain/core/outputs'
import { plansOfRun } from '@clawbernetes/services/plans/plan-of-run'
import { stopRequested } from '@clawbernetes/services/chat/stream-message'
import type { ResolvedPlanner, LanguageModel } from '@clawbernetes/services/planner/resolve-planner'
import { createAgent, createMiddleware } from 'langchain'
import type { ToolRun } from '../run-tool'
import { askModel, countCalls } from './ask-model'
import { chatModel } from './chat-model'
import { honestClosing } from './honest-closing'
import { historyMessages, untrustedBefore } from './history'
import { type LlmFailure, type LlmTimes, type LlmTurn, MAX_MODEL_CALLS, newNonce } from './llm-turn'
import { declaredTools, visibleNames } from './model-tools'
import { providerFetch, type ProviderFetch } from './provider-fetch'
import { runCall } from './run-call'
import { systemPrompt } from './system-prompt'
import type { WordStream } from './word-stream'

export type LlmAnswer =
  | { kind: 'answered'; text: string }
  /** Nothing was said or proposed: the embedded planner may answer instead. */
  | { kind: 'fallback'; failure: LlmFailure }
  /** Somebody pressed Stop; `text` is what had been said. */
  | { kind: 'stopped'; text: string }

export interface LlmInput {
  env: ToolRun
  language: LanguageModel
  budgets: ResolvedPlanner['budgets']
  times: LlmTimes
  words: WordStream
  onTrouble: (what: string, error: unknown) => void
}

/** One turn of a language model in LangChain's loop over our tools. Its memory is our rows; it ends with the turn. */
export async function runLlmTurn(input: LlmInput): Promise<LlmAnswer> {
  const { env } = input
  // A worker died after this run had proposed: what stands on the cards is not asked for again.
  const earlier = await plansOfRun({ ctx: env.ctx, input: { runId: env.run.id } })
  if (earlier.length > 0) {
    for (const plan of earlier) env.collect.blocks.push({ type: 'plan', planId: plan.planId })
    env.collect.plans.push(...earlier.map((p) => p.planId))
    return { kind: 'answered', text: await honestClosing(env, 'I was interrupted after I had proposed this.', []) }
  }
  const stop = new AbortController()
  const watching = watchForStop(input, stop)
  const turn = newTurn(input, stop.signal)
  try {
    const text = await runLoop(turn)
    if (text === '') {
      turn.failure = { short: 'an empty answer', advice: null }
      return await unanswered(turn)
    }
    return { kind: 'answered', text: await honestClosing(env, text, turn.notes) }
  } catch (error) {
    if (stop.signal.aborted) return { kind: 'stopped', text: turn.words.said() }
    if (!turn.failure) throw rootOf(error)
    input.onTrouble(turn.failure.short, rootOf(error))
    return await unanswered(turn)
  } finally {
    clearInterval(watching)
    await turn.words.end()
    await countCalls(turn, null)
  }
}

/** Never in the middle of a plan: once something was proposed, the turn ends here in words. */
async function unanswered(turn: LlmTurn): Promise<LlmAnswer> {
  const failure = turn.failure ?? { short: 'no reason given', advice: null }
  if (turn.env.collect.plans.length === 0) return { kind: 'fallback', failure }
  const said = turn.words.said()
  const broke = `The language model did not answer (${failure.short}) after it had proposed this.`
  return {
    kind: 'answered',
    text: await honestClosing(turn.env, said ? `${said}\n\n${broke}` : broke, turn.notes),
  }
}

async function runLoop(turn: LlmTurn): Promise<string> {
  const { env } = turn
  const http = providerFetch()
  const agent = createAgent({
    model: await chatModel(turn.language, http),
    tools: declaredTools(),
    systemPrompt: systemPrompt({
      nonce: turn.nonce,
      role: env.ctx.actor.role,
      now: env.sys.now(),
      focus: env.turn.focus,
    }),
    middleware: [gate(turn, http)],
  })
  const result = await agent.invoke(
    { messages: historyMessages(env.run, turn.nonce) },
    { recursionLimit: MAX_MODEL_CALLS * 3, signal: turn.signal, callbacks: [new WordListener(turn)] },
  )
  const last: BaseMessage | undefined = result.messages.at(-1)
  if (!last || !AIMessage.isInstance(last) || last.text.trim() === '') return ''
  // A model that does not stream has said nothing to the stream.
  const said = turn.words.said()
  return said.includes(last.text.trim().slice(0, 40)) ? said : [said, last.text.trim()].filter(Boolean).join('\n\n')
}

/** Between the loop and the world: model calls go through budgets and retries, tool calls through our one executor. */
const gate = (turn: LlmTurn, http: ProviderFetch) =>
  createMiddleware({
    name: 'Gate',
    wrapModelCall: (request, handler) => {
      const visible = visibleNames(turn.loaded)
      const tools = request.tools.filter((t) => 'name' in t && typeof t.name === 'string' && visible.has(t.name))
      turn.words.pause()
      return askModel(turn, http, request.messages, async () => {
        const message: unknown = await handler({ ...request, tools })
        if (!AIMessage.isInstance(message) && !AIMessageChunk.isInstance(message))
          throw new Error('no message came back')
        return message as AIMessage
      })
    },
    wrapToolCall: async ({ toolCall }) => {
      const id = toolCall.id ?? ''
      const content = await runCall(turn, { id, name: toolCall.name, args: toolCall.args })
      return new ToolMessage({ id: `${id}-result`, tool_call_id: id, name: toolCall.name, content })
    },
  })

/** Hears every word of the model as it comes. */
class WordListener extends BaseCallbackHandler {
  name = 'words'
  readonly lc_prefer_streaming = true

  constructor(private readonly turn: LlmTurn) {
    super()
  }

  override handleLLMNewToken(
    _token: string,
    _index: unknown,
    _runId: string,
    _parent?: string,
    _tags?: string[],
    fields?: { chunk?: unknown },
  ): void {
    this.turn.heard()
    const chunk = fields?.chunk
    if (!(chunk instanceof ChatGenerationChunk)) return
    const finish: unknown = chunk.generationInfo?.finish_reason
    if (typeof finish === 'string') this.turn.finish = finish
    // The token itself may be a piece of a tool call's arguments; the message's text is what is said.
    this.turn.words.push(chunk.message.text)
  }
}

function newTurn(input: LlmInput, signal: AbortSignal): LlmTurn {
  const { env, words, language, budgets, times } = input
  for (const source of untrustedBefore(env.run)) env.turn.untrusted.push(source)
  return {
    env: { ...env, maxCalls: Number.MAX_SAFE_INTEGER },
    language,
    budgets,
    times,
    nonce: newNonce(),
    signal,
    words,
    used: { toolCalls: 0, tokens: 0, costMicroUsd: 0 },
    uncounted: 0,
    modelCalls: 0,
    badCalls: 0,
    unreadable: new Map(),
    loaded: new Set(),
    notes: [],
    failure: null,
    toldNoMoreCalls: false,
    proposing: Promise.resolve(),
    finish: null,
    heard: () => {},
  }
}

function watchForStop({ env, times }: LlmInput, stop: AbortController): NodeJS.Timeout {
  return setInterval(() => {
    stopRequested(env.sys, env.run.id).then(
      (asked) => (asked ? stop.abort() : undefined),
      () => undefined,
    )
  }, times.stopPollMs)
}

/** LangChain wraps what middleware throws; the cause is what went wrong. */
function rootOf(error: unknown): unknown {
  let root = error
  for (let depth = 0; root instanceof Error && root.cause instanceof Error && depth < 5; depth++) root = root.cause
  return root
}
