import type { PlanView } from '@clawbernetes/protocol/views/plan'
import type { PlanModel, PlanStepModel } from '@clawbernetes/db/rows'
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
    const last = [...steps].reverse().find((s) => s.state === 'succeeded' && s.progress)
    return { text: `${label} is done${took}.${last?.progress ? ` ${last.progress}` : ''}`, facts }
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
