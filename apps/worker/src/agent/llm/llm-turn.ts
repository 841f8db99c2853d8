import { randomBytes } from 'node:crypto'
import type { Used } from '@clawbernetes/domain/chat/planner-budget'
import type { PlannerBudgets } from '@clawbernetes/protocol/views/planner'
import type { LanguageModel } from '@clawbernetes/services/planner/resolve-planner'
import type { ToolRun } from '../run-tool'
import type { WordStream } from './word-stream'

/** How long to wait and how often to try; tests make them short. */
export interface LlmTimes {
  /** Without a first word or a next one for this long, the provider is taken for silent. */
  silenceMs: number
  /** One answer of the model, however lively. */
  callMs: number
  attempts: number
  backoffMs: number
  /** A provider that asks for a longer pause than this is not waited for. */
  longestPauseMs: number
  stopPollMs: number
}

export const LLM_TIMES: LlmTimes = {
  silenceMs: 45_000,
  callMs: 180_000,
  attempts: 3,
  backoffMs: 600,
  longestPauseMs: 20_000,
  stopPollMs: 300,
}

/** Why the model could not go on: the turn is answered by the embedded planner, or ends in words. */
export interface LlmFailure {
  /** For the sentence "The language model did not answer (…)." */
  short: string
  /** What an administrator has to do about it; null: nothing but wait. */
  advice: string | null
}

/** Everything one turn of a language model shares between its calls. Nothing of it outlives the turn. */
export interface LlmTurn {
  env: ToolRun
  language: LanguageModel
  budgets: PlannerBudgets
  times: LlmTimes
  /** Marks quotations of tool answers; nobody outside can know it. */
  nonce: string
  signal: AbortSignal
  words: WordStream
  used: Used
  /** Tool calls that the organisation's day does not know of yet: written with the next model call, or at the end. */
  uncounted: number
  modelCalls: number
  /** Malformed and unknown calls: a model that only makes those is stopped. */
  badCalls: number
  /** Calls whose arguments could not be read, by call id. */
  unreadable: Map<string, string>
  /** Skills whose page and tools the model has asked for. */
  loaded: Set<string>
  /** Said to the person whatever the model says. */
  notes: string[]
  failure: LlmFailure | null
  /** The model was told that its tool calls are used up. */
  toldNoMoreCalls: boolean
  /** The proposal that is being made; the next one waits for it. */
  proposing: Promise<void>
  /** Why the provider ended the answer that is being read; null: it has not yet. */
  finish: string | null
  /** A word arrived: the provider is not silent. */
  heard: () => void
}

export const newNonce = (): string => randomBytes(9).toString('base64url')

/** Malformed or unknown calls that are answered with an error before the turn ends. */
export const MAX_BAD_CALLS = 4
/** Calls in one message of the model. */
export const MAX_PARALLEL = 8
/** Asking a model more often than this in one turn is a loop. */
export const MAX_MODEL_CALLS = 20
