'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useEffect, useRef, useState } from 'react'
import { useConnection } from '@/features/live/use-live'
import { useNow } from '@/ui/clock'
import { Button } from '@/ui/button'
import { formatCountdown } from '@/ui/format'
import { InlineError } from '@/ui/inline-error'
import { AskAgain } from './ask-again'
import { ConfirmDialog } from './confirm-dialog'
import { SLOW_AFTER_MS } from './decision-machine'
import { EditForm } from './edit-form'
import { isDecidable } from './plan-state'
import { QuorumLine, WindowLine } from './plan-quorum'
import { RejectForm } from './reject-form'
import type { Decision } from './use-decision'
import { useStill } from './use-still'

function Sending({ answer, sinceMs }: { answer: 'approve' | 'reject'; sinceMs: number }) {
  const now = useNow()
  const slow = now !== null && now - sinceMs > SLOW_AFTER_MS
  return (
    <p className="text-muted">
      {answer === 'approve' ? 'Approving…' : 'Rejecting…'}
      {slow ? ' Still waiting for the server.' : ''}
    </p>
  )
}

function Grace({ endsAtMs, onUndo }: { endsAtMs: number; onUndo: () => void }) {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return (
    <div className="flex items-center gap-3">
      <p role="status">
        Starting…<span aria-hidden="true"> {formatCountdown(endsAtMs - nowMs)}</span>
      </p>
      <Button onClick={onUndo}>Undo</Button>
    </div>
  )
}

/** Announced at a minute and at twenty seconds before the end, and when it has come; never in between. */
function ExpiryAnnouncement({ plan }: { plan: PlanView }) {
  const now = useNow()
  const leftS = now === null ? null : Math.ceil((Date.parse(plan.expiresAt) - now) / 1000)
  const text =
    leftS === null || leftS > 60
      ? ''
      : leftS > 20
        ? 'This plan expires in less than a minute.'
        : leftS > 0
          ? 'This plan expires in 20 seconds.'
          : 'This plan has expired.'
  return (
    <span role="status" className="sr-only">
      {text}
    </span>
  )
}

type DecisionPart = { plan: PlanView; decision: Decision }

/** The buttons, held back while the card has just appeared, changed or moved. */
function DecisionGroup({ plan, decision }: DecisionPart) {
  const group = useRef<HTMLDivElement>(null)
  const { moved, onClickCapture } = useStill(group)
  return (
    <div
      ref={group}
      role="group"
      aria-label={`Decision for plan ${plan.label}`}
      data-inert={decision.inert || moved}
      onClickCapture={onClickCapture}
      className="flex flex-wrap items-center gap-2 max-desk:[&>button]:flex-1"
    >
      <Buttons plan={plan} decision={decision} />
    </div>
  )
}

function Buttons({ plan, decision }: DecisionPart) {
  const connection = useConnection()
  const busy = decision.state.step === 'sending' || decision.state.step === 'grace'
  const offline = connection.state === 'offline'
  const blocked = plan.drift.length > 0
  const disabled = busy || offline
  return (
    <>
      <Button
        variant="primary"
        onClick={decision.approve}
        aria-disabled={disabled || blocked || !plan.rights.approve}
        aria-keyshortcuts="Meta+Enter Control+Enter"
      >
        Approve
      </Button>
      <Button
        onClick={decision.openEdit}
        aria-disabled={disabled || !plan.rights.edit || plan.content.editable.length === 0}
      >
        Edit…
      </Button>
      <Button onClick={decision.openReject} aria-disabled={disabled || !plan.rights.reject}>
        Reject…
      </Button>
    </>
  )
}

function reasonNow(plan: PlanView, offline: boolean): string {
  if (offline) return 'You are offline. Deciding needs the server.'
  // What stops everything comes before what is wrong with this one.
  const moved = plan.rights.why === null || plan.rights.why.startsWith('The fleet changed')
  if (plan.drift.length > 0 && moved)
    return 'A precondition is no longer true, so it cannot be approved as it is. Ask for it again, or edit it.'
  if (plan.rights.approve) return plan.rights.why ?? 'You can approve.'
  return plan.rights.why ?? 'You cannot approve this plan.'
}

/** The decision row of a plan that waits. Order and place of the buttons never change. */
export function PlanDecision({ plan, decision }: DecisionPart) {
  const now = useNow()
  const connection = useConnection()
  const { state } = decision
  if (!isDecidable(plan, now)) return null
  return (
    <div className="rounded-b-lg border-t border-line bg-raised px-3 py-2.5 max-desk:sticky max-desk:bottom-0">
      <QuorumLine plan={plan} />
      <WindowLine plan={plan} />
      <p className="mb-2 text-sm text-muted">{reasonNow(plan, connection.state === 'offline')}</p>
      {state.step === 'idle' && state.notice ? (
        <p role="status" className="mb-2 text-warn">
          ▲ {state.notice}
        </p>
      ) : null}
      {state.step === 'refused' ? (
        <InlineError className="mb-2" title={refusalTitle(state.code)} detail={state.message} />
      ) : null}
      <DecisionGroup plan={plan} decision={decision} />
      {plan.drift.length > 0 ? <AskAgain plan={plan} className="mt-2" /> : null}
      <div className="mt-2 empty:hidden">
        {state.step === 'sending' ? <Sending answer={state.answer} sinceMs={state.sinceMs} /> : null}
        {state.step === 'grace' ? <Grace endsAtMs={state.endsAtMs} onUndo={decision.undoGrace} /> : null}
      </div>
      {state.step === 'rejecting' ? <RejectForm onReject={decision.reject} onCancel={decision.dismiss} /> : null}
      {state.step === 'editing' ? <EditForm plan={plan} onDone={decision.dismiss} /> : null}
      {state.step === 'confirming' ? (
        <ConfirmDialog plan={plan} onConfirm={decision.confirm} onCancel={decision.dismiss} />
      ) : null}
      <ExpiryAnnouncement plan={plan} />
    </div>
  )
}

function refusalTitle(code: string): string {
  switch (code) {
    case 'conflict':
      return 'Nothing was decided: the plan is no longer what you saw'
    case 'expired':
      return 'The plan expired before the decision arrived'
    case 'forbidden':
      return 'You may not decide this'
    case 'rate-limited':
      return 'Too many decisions at once'
    case 'unreachable':
      return 'The server could not be reached, so nothing is known to be decided'
    default:
      return 'The decision was not taken'
  }
}
