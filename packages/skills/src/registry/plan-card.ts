import type { Risk, PlanContent, PlanFact } from '@clawbernetes/protocol/plans/content'
import type { PlannedStep, StepArgs, StepKind } from '@clawbernetes/protocol/plans/steps'
import type { Turn } from './define-tool'
import { clip, jsonArgs } from './draft-id'
import { TTL_S } from './plan-ttl'

type Given = 'title' | 'steps' | 'changes' | 'facts' | 'undo' | 'risk' | 'riskReason'
export type CardInput = Pick<PlanContent, Given> &
  Partial<Omit<PlanContent, Given | 'tool' | 'origin' | 'ttlS'>> & {
    tool: { name: string; args: object }
    turn: Turn
  }

/** A plan's content with what most cards have in common; every tool says itself what changes and how it is taken back. */
export function planCard({ tool, turn, ...card }: CardInput): PlanContent {
  return {
    why: clip(askedFor(turn, 300), 600),
    evidence: [],
    commands: [],
    notDone: [],
    affects: { workloads: [], nodes: [], gpus: 0 },
    cost: { perHourMicroUsd: 0, oneOffMicroUsd: 0, arithmetic: 'no change' },
    warnings: [],
    durationS: null,
    editable: [],
    confirmName: null,
    ...card,
    title: clip(card.title, 160),
    tool: { name: tool.name, version: 1, args: jsonArgs(tool.args) },
    origin: { text: clip(turn.text, 2000), untrusted: turn.untrusted },
    ttlS: TTL_S[card.risk],
  }
}

/** Where a card comes from, in words. */
export const askedFor = (turn: Turn, max = 200): string =>
  `${turn.recommended ? 'Recommended in the answer to' : 'Asked for'}: “${clip(turn.text, max)}”`

/** One step with its arguments checked by the type of its kind. */
export function step<K extends StepKind>(
  kind: K,
  args: StepArgs<K>,
  words: {
    title: string
    target: string
    note?: string
    estimateS?: number | null
    reversible?: PlannedStep['reversible']
  },
): PlannedStep {
  return {
    kind,
    args: jsonArgs(args as object),
    title: clip(words.title, 200),
    target: clip(words.target, 120),
    estimateS: words.estimateS ?? null,
    reversible: words.reversible ?? 'reversible',
    note: words.note === undefined ? null : clip(words.note, 300),
  }
}

/** Facts without repeats: several steps may rest on the same one. */
export function uniqueFacts(facts: readonly PlanFact[]): PlanFact[] {
  return [
    ...new Map(facts.map((fact) => [`${fact.kind} ${fact.id}`, { ...fact, text: clip(fact.text, 200) }])).values(),
  ]
}

const ORDER: readonly Risk[] = ['read', 'low', 'medium', 'high', 'critical']
export const atLeast = (floor: Risk, risk: Risk): Risk => (ORDER.indexOf(risk) < ORDER.indexOf(floor) ? floor : risk)
export const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`
export const OPERATOR = { permission: 'propose', words: 'Operators and above' } as const
