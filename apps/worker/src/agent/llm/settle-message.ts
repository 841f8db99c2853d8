import { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import { tokensOfText, type TokenUse } from '@clawbernetes/domain/chat/planner-budget'
import { type LlmTurn, MAX_PARALLEL } from './llm-turn'

/**
 * A model's message as the loop may keep it: ids made by us (some servers send the same one for ever, and messages with one id
 * overwrite each other), calls with unreadable arguments turned into calls that are answered with the error, everything that is
 * neither words nor calls left out.
 */
export function settleMessage(turn: LlmTurn, message: AIMessage): AIMessage {
  const id = `${turn.env.run.id}-${turn.modelCalls}`
  const calls = readCalls(message)
  const kept = calls.slice(0, MAX_PARALLEL).map((call, i) => {
    const callId = `${id}-${i}`
    if (call.problem) turn.unreadable.set(callId, call.problem)
    return { id: callId, type: 'tool_call' as const, name: plainName(call.name), args: call.args }
  })
  return new AIMessage({ id, content: message.text, tool_calls: kept })
}

interface ReadCall {
  name: string
  args: Record<string, unknown>
  problem: string | null
}

/**
 * The calls with their arguments read strictly. LangChain mends streamed arguments that broke off ("{"replicas": 1" of 10), so the
 * raw text counts where there is one.
 */
function readCalls(message: AIMessage): ReadCall[] {
  if (AIMessageChunk.isInstance(message) && (message.tool_call_chunks ?? []).length > 0)
    return (message.tool_call_chunks ?? []).map((chunk) => ({ name: chunk.name ?? '', ...readArgs(chunk.args ?? '') }))
  const whole = (message.tool_calls ?? []).map((call) => ({
    name: call.name,
    ...(isRecord(call.args) ? { args: call.args, problem: null } : NOT_AN_OBJECT),
  }))
  const broken = (message.invalid_tool_calls ?? []).map((call) => ({ name: call.name ?? '', ...NOT_JSON }))
  return [...whole, ...broken]
}

const NOT_JSON = { args: {}, problem: 'The arguments were not valid JSON. Send the call again, whole.' }
const NOT_AN_OBJECT = { args: {}, problem: 'The arguments must be one JSON object.' }

function readArgs(raw: string): Omit<ReadCall, 'name'> {
  if (raw.trim() === '') return { args: {}, problem: null }
  try {
    const args: unknown = JSON.parse(raw)
    return isRecord(args) ? { args, problem: null } : NOT_AN_OBJECT
  } catch {
    return NOT_JSON
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Providers refuse a history with a name that they would not have sent. */
const plainName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'unnamed'

/** What the call used: as reported, or counted from the text where the provider reports nothing. */
export function tokensOf(message: AIMessage, askedChars: number): TokenUse {
  const reported = message.usage_metadata
  if (reported && reported.input_tokens + reported.output_tokens > 0)
    return { inputTokens: reported.input_tokens, outputTokens: reported.output_tokens, estimated: false }
  const said = message.text.length + JSON.stringify(message.tool_calls ?? []).length
  return { inputTokens: tokensOfText(askedChars), outputTokens: tokensOfText(said), estimated: true }
}

/**
 * True when the provider said that the answer is whole. A connection that just ends looks like an end to every SDK.
 * @param finish the reason that came with a chunk: LangChain drops it from streamed OpenAI messages.
 */
export function isWhole(provider: string, message: AIMessage, finish: string | null): boolean {
  const meta: Record<string, unknown> = { ...message.additional_kwargs, ...message.response_metadata }
  if (provider === 'ollama') return meta.done === true
  if (provider === 'anthropic') return typeof meta.stop_reason === 'string'
  return finish !== null || typeof meta.finish_reason === 'string'
}
