'use client'
import type { DecisionView, PlanView } from '@clawbernetes/protocol/views/plan'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { toApiError, useTRPC } from '@/trpc/client'
import { ClockTime } from '@/ui/clock'
import { Button } from '@/ui/button'
import { InlineError } from '@/ui/inline-error'
import { AskAgain } from './ask-again'
import { WindowLine } from './plan-quorum'
import { isFinished, isInFlight } from './plan-state'
import { StartNow } from './start-now'
import { TakenBack } from './taken-back'
import { planReadings } from './use-plan'

const VIA: Record<string, string> = {
  web: '',
  chat: ' via chat',
  cli: ' via the command line',
  slack: ' via Slack',
  discord: ' via Discord',
  api: ' via the API',
  mcp: ' via MCP',
  worker: ' by policy',
}

function DecisionLine({ decision, revision, digest }: { decision: DecisionView; revision: number; digest: string }) {
  return (
    <li>
      {decision.decision === 'approve' ? 'Approved' : 'Rejected'} by {decision.userName}
      {VIA[decision.via] ?? ` via ${decision.via}`} <ClockTime value={decision.at} /> on r{revision}{' '}
      <span className="font-mono text-xs text-muted">(sha {digest.slice(0, 8)})</span>
      {decision.selfApproved ? <span className="text-muted"> · own request</span> : null}
      {decision.quote ? <q className="block text-muted">{decision.quote}</q> : null}
      {decision.reason ? <span className="block text-muted">Reason: {decision.reason}</span> : null}
    </li>
  )
}

function Outcome({ plan }: { plan: PlanView }) {
  if (!plan.outcome) {
    const expired = plan.state === 'proposed' || plan.state === 'expired'
    const text = plan.stateReason ?? (expired ? 'It expired before it was decided. Nothing was changed.' : null)
    return text ? <p className="break-words">{text}</p> : null
  }
  return (
    <>
      <p className="break-words">{plan.outcome.text}</p>
      {plan.outcome.facts.length > 0 ? (
        <dl className="my-2 grid grid-cols-[max-content_1fr] gap-x-3 gap-y-0.5">
          {plan.outcome.facts.map((fact) => (
            <div key={fact.label} className="contents">
              <dt className="text-muted">{fact.label}</dt>
              <dd className="m-0 min-w-0 break-words">{fact.value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </>
  )
}

function Actions({ plan }: { plan: PlanView }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const cancel = useMutation(
    trpc.plans.cancel.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(planReadings(trpc, plan.id)),
    }),
  )
  const undo = useMutation(trpc.plans.undo.mutationOptions())
  const failure = cancel.error ?? undo.error
  return (
    <>
      {failure ? <InlineError className="mb-2" title="That did not work" detail={toApiError(failure).message} /> : null}
      <div className="flex flex-wrap items-center gap-2">
        {plan.rights.undo ? (
          <Button pending={undo.isPending} onClick={() => undo.mutate({ planId: plan.id })}>
            Undo…
          </Button>
        ) : null}
        {isInFlight(plan.state) && plan.rights.cancel ? (
          <Button onClick={() => cancel.mutate({ planId: plan.id })} pending={cancel.isPending}>
            {plan.window ? 'Cancel' : 'Cancel after this step'}
          </Button>
        ) : null}
        <StartNow plan={plan} />
        <AskAgain plan={plan} />
        <TakenBack plan={plan} drafting={undo.isSuccess} />
        <Link className="link text-sm" href={`/audit?target=${plan.label}`}>
          Audit
        </Link>
      </div>
    </>
  )
}

/** What was decided, by whom, on which revision, and what came of it. */
export function PlanReceipt({ plan, headingId }: { plan: PlanView; headingId: string }) {
  return (
    <div className="border-t border-line px-3 py-2.5">
      <h3 id={headingId} tabIndex={-1} className="font-semibold">
        {isFinished(plan.state) ? 'Result' : isInFlight(plan.state) ? 'Under way' : 'Decision'}
        {plan.finishedAt ? (
          <span className="ml-2 text-sm font-normal text-muted">
            <ClockTime value={plan.finishedAt} />
          </span>
        ) : null}
      </h3>
      <WindowLine plan={plan} />
      <Outcome plan={plan} />
      <ul className="my-1 list-none p-0 text-sm">
        {plan.decisions.map((decision) => (
          <DecisionLine
            key={`${decision.userId}-${decision.at}`}
            decision={decision}
            revision={plan.revision}
            digest={plan.digest}
          />
        ))}
      </ul>
      <Actions plan={plan} />
    </div>
  )
}
