import { sendMessage } from '@clawbernetes/services/chat/send-message'
import type { Ctx } from '@clawbernetes/services/context'
import { setPlannerSettings } from '@clawbernetes/services/planner/set-planner-settings'
import type { PlannerBudgets } from '@clawbernetes/protocol/views/planner'
import pino from 'pino'
import type { LlmTimes } from '../../src/agent/llm/llm-turn'
import { runAgent } from '../../src/agent/run-agent'
import { type AgentWorld, agentWorld, joinTrainingNodes } from '../agent-world'
import { type FakeProvider, fakeProvider, type Wire } from './fake-provider'

/** Waits that a test can afford; a test of silence brings its own. */
export const FAST: LlmTimes = {
  silenceMs: 10_000,
  callMs: 20_000,
  attempts: 3,
  backoffMs: 5,
  longestPauseMs: 300,
  stopPollMs: 20,
}

const PROVIDER = { openai: 'openai-compatible', anthropic: 'anthropic', ollama: 'ollama' } as const
export const KEY = 'sk-test-0123456789abcdefWXYZ'

export interface LlmAnswer {
  text: string
  planner: string | null
  state: string
  blocks: { type: string; planId?: string }[]
  tools: { name: string; state: string; error: string | null; untrusted: boolean }[]
  untrusted: string[]
  runId: string
}

export interface LlmWorld extends AgentWorld {
  fake: FakeProvider
  owner: Ctx
  /** Sends a message into `threadId` and answers it. */
  talk(text: string, options?: { threadId?: string | null; times?: LlmTimes; ctx?: Ctx }): Promise<LlmAnswer>
  /** Sends without answering: the run waits. */
  send(text: string, threadId?: string | null): Promise<{ threadId: string; runId: string }>
  answer(runId: string, times?: LlmTimes): Promise<LlmAnswer>
  /** Points the organisation at the fake provider, with budgets and prices. */
  setUp(over?: { budgets?: Partial<PlannerBudgets>; priceMicroUsd?: number; baseUrl?: string }): Promise<void>
}

const silent = pino({ level: process.env.LLM_TEST_LOG ?? 'silent' })

/** A world whose organisation has a language model: a fake provider over real HTTP. */
export async function llmWorld(wire: Wire): Promise<LlmWorld> {
  process.env.BETTER_AUTH_SECRET ??= 'a secret of these tests, long enough for a key'
  const [base, fake] = await Promise.all([agentWorld(), fakeProvider(wire)])
  await joinTrainingNodes(base)
  const owner: Ctx = { ...base.ctx(), actor: { ...base.ctx().actor, userId: 'usr_ana', userName: 'ana' } }
  const world: LlmWorld = {
    ...base,
    fake,
    owner,
    setUp: async (over = {}) => {
      const price = over.priceMicroUsd ?? null
      await setPlannerSettings({
        ctx: owner,
        input: {
          provider: PROVIDER[wire],
          model: 'fake-1',
          baseUrl: over.baseUrl ?? fake.url,
          apiKey: KEY,
          inputPriceMicroUsd: price,
          outputPriceMicroUsd: price,
          budgets: over.budgets ?? {},
        },
      })
    },
    send: async (text, threadId = null) => {
      const input = { threadId, text, clientKey: `key-${Math.random()}` }
      const sent = await sendMessage({ ctx: owner, input })
      return { threadId: sent.threadId, runId: sent.runId }
    },
    answer: async (runId, times = FAST) => {
      await runAgent(base.sys, runId, silent, times)
      return readAnswer(base, runId)
    },
    talk: async (text, options = {}) => {
      const threadId = options.threadId === undefined ? world.threadId : options.threadId
      const input = { threadId, text, clientKey: `key-${Math.random()}` }
      const sent = await sendMessage({ ctx: options.ctx ?? owner, input })
      world.threadId = sent.threadId
      return world.answer(sent.runId, options.times)
    },
    close: async () => {
      await fake.close()
      await base.close()
    },
  }
  await world.setUp()
  return world
}

async function readAnswer(world: AgentWorld, runId: string): Promise<LlmAnswer> {
  const run = await world.db.agentRun.findUniqueOrThrow({
    where: { id: runId },
    include: { toolCalls: { orderBy: { ordinal: 'asc' } } },
  })
  const message = await world.db.message.findFirstOrThrow({ where: { runId } })
  return {
    text: message.error ? `error: ${message.error}` : message.text,
    planner: run.planner,
    state: message.state,
    blocks: message.blocks as { type: string; planId?: string }[],
    tools: run.toolCalls.map((c) => ({ name: c.name, state: c.state, error: c.error, untrusted: c.untrusted })),
    untrusted: run.untrusted,
    runId,
  }
}
