import { randomBytes } from 'node:crypto'
import { BaseCallbackHandler } from '@langchain/core/callbacks/base'
import { AIMessage, type AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { ChatGenerationChunk } from '@langchain/core/outputs'
import { tool } from '@langchain/core/tools'
import { costOf, type TokenUse } from '@clawbernetes/domain/chat/planner-budget'
import { redactSecrets } from '@clawbernetes/domain/chat/redact-secrets'
import { inert } from '@clawbernetes/protocol/text'
import type { SystemCtx } from '@clawbernetes/services/context'
import {
  finishPlannerTest,
  openPlannerTest,
  type PlannerTestResult,
} from '@clawbernetes/services/planner/finish-planner-test'
import { recordUsage } from '@clawbernetes/services/planner/record-usage'
import { type LanguageModel, resolvePlanner } from '@clawbernetes/services/planner/resolve-planner'
import { chatModel } from './chat-model'
import { providerFetch } from './provider-fetch'
import { readFailure, SilentProvider } from './provider-failure'
import { tokensOf } from './settle-message'

const WHOLE_MS = 60_000
const SAMPLE_CHARS = 300
const NAME = 'read_check_word'
const SCHEMA: Record<string, unknown> = { type: 'object', properties: {}, additionalProperties: false }

/** "Test connection": passes when the model calls a tool and then says what the tool returned. */
export async function testConnection(sys: SystemCtx, testId: string, wholeMs = WHOLE_MS): Promise<void> {
  const test = await openPlannerTest(sys, { testId })
  if (!test) return
  const { language, problem } = await resolvePlanner(sys, test)
  const result: PlannerTestResult = language
    ? await tryOut(sys, test.orgId, language, wholeMs)
    : failed(null, problem ?? 'No language model is chosen: the embedded planner answers and needs no connection.')
  await finishPlannerTest(sys, { testId, result })
}

async function tryOut(
  sys: SystemCtx,
  orgId: string,
  language: LanguageModel,
  wholeMs: number,
): Promise<PlannerTestResult> {
  const http = providerFetch()
  const clock = new AbortController()
  const timer = setTimeout(() => clock.abort(), wholeMs)
  http.signal = clock.signal
  const began = performance.now()
  try {
    const words = `check-${randomBytes(3).toString('hex')}`
    const said = await converse(language, http, words, (tokens) =>
      recordUsage(sys, {
        orgId,
        model: language.name,
        modelCalls: 1,
        tokens,
        costMicroUsd: costOf(tokens, language.price),
      }),
    )
    const latencyMs = Math.round(performance.now() - began)
    if (!said.called)
      return failed(language, 'The model answered, but did not call the tool. Choose a model that can call tools.')
    if (said.text === '') return failed(language, 'The model called the tool, but said nothing after it.')
    return {
      state: 'passed',
      provider: language.provider,
      model: language.model,
      latencyMs,
      firstWordsMs: said.firstWordsMs,
      sample: redactSecrets(inert(said.text, SAMPLE_CHARS)),
      error: null,
    }
  } catch (error) {
    const cause = clock.signal.aborted ? new SilentProvider(Math.max(1, Math.round(wholeMs / 1000))) : error
    const { short, advice } = readFailure(cause, http.last)
    return failed(language, `The language model did not answer (${short}).${advice ? ` ${advice}` : ''}`)
  } finally {
    clearTimeout(timer)
  }
}

async function converse(
  language: LanguageModel,
  http: ReturnType<typeof providerFetch>,
  word: string,
  count: (tokens: TokenUse) => Promise<void>,
): Promise<{ called: boolean; text: string; firstWordsMs: number | null }> {
  const model = await chatModel(language, http)
  const check = tool(() => word, {
    name: NAME,
    description: 'Returns the check word of this connection.',
    schema: SCHEMA,
  })
  const asked = [
    new SystemMessage('You test a connection. Call the tool first, then answer in one short sentence.'),
    new HumanMessage(`Call ${NAME} and tell me the word that it returns.`),
  ]
  const bound = model.bindTools?.([check])
  if (!bound) throw new Error('this model binds no tools')
  const first = (await bound.invoke(asked, { callbacks: [new FirstWords()] })) as AIMessageChunk
  await count(
    tokensOf(
      first,
      asked.reduce((n, m) => n + m.text.length, 0),
    ),
  )
  const call = first.tool_calls?.find((c) => c.name === NAME)
  if (!call) return { called: false, text: first.text, firstWordsMs: null }
  const id = call.id ?? 'check'
  const listener = new FirstWords()
  const followed = [
    ...asked,
    new AIMessage({ content: '', tool_calls: [{ id, name: NAME, args: {}, type: 'tool_call' }] }),
    new ToolMessage({ tool_call_id: id, name: NAME, content: word }),
  ]
  const second = (await bound.invoke(followed, { callbacks: [listener] })) as AIMessageChunk
  await count(
    tokensOf(
      second,
      followed.reduce((n, m) => n + m.text.length, 0),
    ),
  )
  return { called: true, text: second.text.trim(), firstWordsMs: listener.afterMs }
}

/** When the first word of an answer came. */
class FirstWords extends BaseCallbackHandler {
  name = 'first-words'
  readonly lc_prefer_streaming = true
  afterMs: number | null = null
  private readonly began = performance.now()

  override handleLLMNewToken(
    _token: string,
    _index: unknown,
    _runId: string,
    _parent?: string,
    _tags?: string[],
    fields?: { chunk?: unknown },
  ): void {
    if (this.afterMs === null && fields?.chunk instanceof ChatGenerationChunk && fields.chunk.message.text !== '')
      this.afterMs = Math.round(performance.now() - this.began)
  }
}

const failed = (language: LanguageModel | null, error: string): PlannerTestResult => ({
  state: 'failed',
  provider: language?.provider ?? null,
  model: language?.model ?? null,
  latencyMs: null,
  firstWordsMs: null,
  sample: null,
  error,
})
