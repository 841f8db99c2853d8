import type { PlanView } from '@clawbernetes/protocol/views/plan'
import type { PlanModel, PlanStepModel } from '@clawbernetes/db/rows'
import type { StepKind } from '@clawbernetes/protocol/plans/steps'
import { planLabel } from './plan-digest'

/** What came of a plan, from its execution records alone; null while it is open. */
export function planOutcome(plan: PlanModel, steps: PlanStepModel[]): PlanView['outcome'] {
  const label = planLabel(plan.number)
  const facts = steps.flatMap((s) => resultFacts(s.result))
  const undone = readList(plan.outcome, 'undone')
  const seconds =
    plan.startedAt && plan.finishedAt ? (plan.finishedAt.getTime() - plan.startedAt.getTime()) / 1000 : null
  const took = seconds === null ? '' : ` in ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  if (plan.state === 'succeeded') {
    return { text: [`${label} is done${took}.`, ...told(steps)].join(' '), facts }
  }
  const tail = undone.length > 0 ? ` ${undone.join('. ')}.` : ''
  if (plan.state === 'failed') {
    const broken = steps.find((s) => s.state === 'failed')
    return {
      text: `${label} failed${broken ? ` at step ${broken.ordinal + 1}, ${broken.title}` : ''}: ${plan.stateReason ?? broken?.error ?? 'no reason was recorded'}${tail}`,
      facts,
    }
  }
  if (plan.state === 'stale')
    return { text: `${label} is stale, nothing was changed: ${plan.stateReason ?? 'the fleet moved'}.`, facts: [] }
  if (plan.state === 'cancelled') return { text: `${label} was stopped.${tail}`, facts }
  return null
}

/** Steps whose end is news by itself; of other plans the last step says what came of it. */
const NEWS: ReadonlySet<string> = new Set<StepKind>([
  'finish-move',
  'await-stopped',
  'delete-workload',
  'uncordon-node',
  'await-node-empty',
  'label-node',
  'isolate-gpu',
  'return-gpu',
])
const MOST_NEWS = 8

/** What the steps saw at their end, in their order. */
function told(steps: PlanStepModel[]): string[] {
  const words = steps.flatMap((s) => (s.state === 'succeeded' && s.progress && NEWS.has(s.kind) ? [s.progress] : []))
  if (words.length > 0)
    return words.length > MOST_NEWS
      ? [...words.slice(0, MOST_NEWS - 1), `And ${words.length - MOST_NEWS + 1} more.`]
      : words
  const last = [...steps].reverse().find((s) => s.state === 'succeeded' && s.progress)
  return last?.progress ? [last.progress] : []
}

function resultFacts(result: unknown): { label: string; value: string }[] {
  const list = typeof result === 'object' && result !== null && 'facts' in result ? result.facts : null
  if (!Array.isArray(list)) return []
  return list.filter(
    (f): f is { label: string; value: string } =>
      typeof f === 'object' && f !== null && typeof f.label === 'string' && typeof f.value === 'string',
  )
}

function readList(value: unknown, key: string): string[] {
  const list =
    typeof value === 'object' && value !== null && key in value ? (value as Record<string, unknown>)[key] : null
  return Array.isArray(list) ? list.filter((x): x is string => typeof x === 'string') : []
}
