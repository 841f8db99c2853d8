'use client'
import type { PlannedStep } from '@clawbernetes/protocol/plans/steps'
import type { PlanStepView, PlanView } from '@clawbernetes/protocol/views/plan'
import { useNow } from '@/ui/clock'
import { cn } from '@/ui/cn'
import { formatDuration, formatEstimate } from '@/ui/format'
import { TONE_TEXT } from '@/ui/status-pill'
import { presentStep } from './plan-state'

const REVERSIBILITY: Record<PlannedStep['reversible'], string> = {
  reversible: 'reversible',
  pauses: 'brief pause',
  irreversible: 'cannot be undone',
}

function StepTime({ planned, actual }: { planned: PlannedStep | undefined; actual: PlanStepView | undefined }) {
  const now = useNow()
  const startedMs = actual?.startedAt ? Date.parse(actual.startedAt) : null
  const finishedMs = actual?.finishedAt ? Date.parse(actual.finishedAt) : null
  if (startedMs !== null && finishedMs !== null) return <>{formatDuration(finishedMs - startedMs)}</>
  if (startedMs !== null && now !== null)
    return <>{formatDuration(Math.max(1000, Math.floor((now - startedMs) / 1000) * 1000))}</>
  return (
    <>
      {planned?.estimateS === null || planned === undefined ? 'time unknown' : formatEstimate(planned.estimateS * 1000)}
    </>
  )
}

function Step({
  planned,
  actual,
  ordinal,
}: {
  planned: PlannedStep | undefined
  actual: PlanStepView | undefined
  ordinal: number
}) {
  const state = actual ? presentStep(actual.state) : null
  const active = actual?.state === 'running' || actual?.state === 'waiting' || actual?.state === 'compensating'
  return (
    <li aria-current={active ? 'step' : undefined} className="grid grid-cols-[22px_1fr_auto] gap-x-2 py-1">
      <span className={cn(state && TONE_TEXT[state.tone])}>
        {state ? (
          <>
            <span aria-hidden="true">{state.shape}</span>
            <span className="sr-only">{state.word}. </span>
          </>
        ) : (
          ordinal
        )}
      </span>
      <span className="min-w-0 break-words">
        {actual?.title ?? planned?.title}
        {planned?.note ? <span className="block text-xs text-muted">{planned.note}</span> : null}
        {actual?.progress && active ? <span className="block text-sm text-info">{actual.progress}</span> : null}
        {actual?.error ? (
          <span className="block text-sm text-crit">
            {actual.error}
            {actual.attempt > 1 ? ` (attempt ${actual.attempt})` : ''}
          </span>
        ) : null}
      </span>
      <span className="text-right text-sm whitespace-nowrap text-muted">
        {actual ? null : planned ? <span className="mr-2">{REVERSIBILITY[planned.reversible]}</span> : null}
        <StepTime planned={planned} actual={actual} />
      </span>
    </li>
  )
}

/** What will happen in order, and once it runs, what has. */
export function PlanSteps({ plan }: { plan: PlanView }) {
  const actual = new Map(plan.steps.map((step) => [step.ordinal, step]))
  const base = plan.steps.length > 0 ? Math.min(...plan.steps.map((step) => step.ordinal)) : 0
  return (
    <ol aria-label="Steps" className="m-0 list-none border-t border-line p-0 pt-1.5">
      {plan.content.steps.map((planned, index) => (
        <Step key={index} planned={planned} actual={actual.get(index + base)} ordinal={index + 1} />
      ))}
    </ol>
  )
}
