'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { ClockTime } from '@/ui/clock'

/** "1 of 2 approvals: Ana 14:05. Needs operator or higher, not whoever asked for it." */
export function QuorumLine({ plan }: { plan: PlanView }) {
  const { quorum } = plan
  if (!quorum) return null
  return (
    <p className="text-sm">
      <strong>
        {quorum.given.length} of {quorum.needed} {quorum.needed === 1 ? 'approval' : 'approvals'}
      </strong>
      {quorum.given.length > 0 ? ': ' : null}
      {quorum.given.map((vote, index) => (
        <span key={vote.name + vote.at}>
          {index > 0 ? ', ' : null}
          {vote.name} <ClockTime value={vote.at} />
        </span>
      ))}
      <span className="text-muted">
        . Needs {quorum.approver === 'owner' ? 'an owner' : `${quorum.approver} or higher`}
        {quorum.secondPerson ? ', not whoever asked for it or edited it' : ''}.
      </span>
      {quorum.lost.map((vote) => (
        <span key={vote.name} className="block text-warn">
          <span aria-hidden="true">▲ </span>
          The approval of {vote.name} no longer counts: {vote.why}
        </span>
      ))}
    </p>
  )
}

/** Held by the emergency stop, or outside of its window: when it starts. Or who let it start before. */
export function WindowLine({ plan }: { plan: PlanView }) {
  if (plan.windowOverride)
    return (
      <p className="text-sm text-warn">
        <span aria-hidden="true">▲ </span>
        {plan.windowOverride.by} let it start outside of its window: {plan.windowOverride.reason}
      </p>
    )
  if (plan.paused)
    return (
      <p className="text-sm text-warn">
        <span aria-hidden="true">⏸ </span>
        {plan.paused.text}
      </p>
    )
  if (!plan.window) return null
  return (
    <p className="text-sm text-pend">
      <span aria-hidden="true">◷ </span>
      {plan.window.text}.
      {plan.window.opensAt ? (
        <span className="text-muted">
          {' '}
          Your time: <ClockTime value={plan.window.opensAt} />
        </span>
      ) : null}
    </p>
  )
}
