import type { PlanStateName, PlanView, StepStateName } from '@clawbernetes/protocol/views/plan'
import { PLAN_STATE_WORDS } from '@clawbernetes/protocol/views/state-words'
import type { Risk } from '@clawbernetes/protocol/plans/content'
import type { ChannelTone } from './channel-message'

/** A plan's state outside the web: the same shapes and words as on its card there. */
export const PLAN_WORDS = {
  proposed: { shape: '◷', word: PLAN_STATE_WORDS.proposed, tone: 'waiting' },
  approved: { shape: '■', word: PLAN_STATE_WORDS.approved, tone: 'busy' },
  running: { shape: '◐', word: PLAN_STATE_WORDS.running, tone: 'busy' },
  succeeded: { shape: '✓', word: PLAN_STATE_WORDS.succeeded, tone: 'good' },
  partial: { shape: '▲', word: PLAN_STATE_WORDS.partial, tone: 'bad' },
  failed: { shape: '◆', word: PLAN_STATE_WORDS.failed, tone: 'bad' },
  cancelled: { shape: '✕', word: PLAN_STATE_WORDS.cancelled, tone: 'quiet' },
  rejected: { shape: '✕', word: PLAN_STATE_WORDS.rejected, tone: 'quiet' },
  expired: { shape: '◷', word: PLAN_STATE_WORDS.expired, tone: 'quiet' },
  stale: { shape: '▲', word: PLAN_STATE_WORDS.stale, tone: 'quiet' },
  withdrawn: { shape: '○', word: PLAN_STATE_WORDS.withdrawn, tone: 'quiet' },
  compensating: { shape: '◐', word: PLAN_STATE_WORDS.compensating, tone: 'busy' },
  compensated: { shape: '↺', word: PLAN_STATE_WORDS.compensated, tone: 'quiet' },
  needs_attention: { shape: '◆', word: PLAN_STATE_WORDS.needs_attention, tone: 'bad' },
} as const satisfies Record<PlanStateName, { shape: string; word: string; tone: ChannelTone }>

export const STEP_SHAPE = {
  pending: '○',
  running: '◐',
  waiting: '◷',
  succeeded: '✓',
  failed: '◆',
  skipped: '–',
  compensating: '◐',
  compensated: '↺',
} as const satisfies Record<StepStateName, string>

export const RISK_WORDS = {
  read: 'Reads only',
  low: '● Low',
  medium: '▲ Medium',
  high: '◆ High',
  critical: '◆ Critical',
} as const satisfies Record<Risk, string>

const VIA: Record<string, string> = {
  web: 'the web',
  chat: 'the chat',
  cli: 'the command line',
  api: 'the API',
  mcp: 'MCP',
  slack: 'Slack',
  discord: 'Discord',
}
export const viaWords = (via: string): string => VIA[via] ?? via

const plural = (n: number, one: string): string => `${n} ${n === 1 ? one : `${one}s`}`

export function affectedWords({ content: { affects } }: PlanView): string {
  const parts = [
    affects.workloads.length > 0 ? plural(affects.workloads.length, 'workload') : '',
    affects.nodes.length > 0 ? plural(affects.nodes.length, 'node') : '',
    affects.gpus > 0 ? plural(affects.gpus, 'GPU') : '',
  ].filter(Boolean)
  return parts.join(', ') || 'nothing that runs'
}

export function costWords({ content: { cost } }: PlanView): string {
  const rate = cost.perHourMicroUsd === null ? 'unknown' : `${dollars(cost.perHourMicroUsd)}/h`
  return cost.oneOffMicroUsd ? `${rate}, ${dollars(cost.oneOffMicroUsd)} once` : rate
}

const dollars = (microUsd: number): string =>
  `${microUsd < 0 ? '−' : '+'}$${(Math.abs(microUsd) / 1_000_000).toFixed(2)}`

export function durationWords(seconds: number | null): string {
  if (seconds === null) return 'unknown'
  if (seconds < 60) return `~${Math.max(1, Math.round(seconds))} s`
  return seconds < 5400 ? `~${Math.round(seconds / 60)} min` : `~${(seconds / 3600).toFixed(1)} h`
}
