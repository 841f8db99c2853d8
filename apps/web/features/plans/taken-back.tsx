import type { PlanStateName, PlanView } from '@clawbernetes/protocol/views/plan'
import Link from 'next/link'
import { presentPlanState } from './plan-state'

const OPEN: ReadonlySet<PlanStateName> = new Set(['proposed', 'approved', 'running', 'compensating'])

/**
 * Which plan takes a finished one back and how far it is, for everybody who looks at the old one; or why there is none.
 * @param drafting it was asked for here a moment ago
 */
export function TakenBack({
  plan,
  drafting,
}: {
  plan: Pick<PlanView, 'state' | 'stateReason' | 'successor'>
  drafting: boolean
}) {
  if (plan.state !== 'succeeded') return null
  const { successor } = plan
  // Why an earlier try came to nothing is no news once another plan is on its way.
  const why = successor && (OPEN.has(successor.state) || successor.state === 'succeeded') ? null : plan.stateReason
  return (
    <span role="status" className="min-w-0 break-words">
      {why ? `${why} ` : null}
      {successor ? (
        <>
          <Link className="link" href={`/plans/${successor.id}`}>
            {successor.label}
          </Link>{' '}
          {takes(successor.state)}
        </>
      ) : drafting && !why ? (
        'The plan to undo it is being drafted.'
      ) : null}
    </span>
  )
}

function takes(state: PlanStateName): string {
  if (state === 'succeeded') return 'took this back'
  const word = presentPlanState(state).word.toLowerCase()
  return OPEN.has(state) ? `takes this back: ${word}` : `was to take this back: ${word}`
}
