'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useEffect, useId, useRef, type KeyboardEvent } from 'react'
import { useLookingAt } from '@/features/live/use-presence'
import { AskButton } from '@/features/shell/ask-button'
import { LookingNow } from '@/features/shell/looking-now'
import { toApiError } from '@/trpc/client'
import { useNow } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import { InlineError } from '@/ui/inline-error'
import { RowLink } from '@/ui/row-link'
import { Skeleton } from '@/ui/skeleton'
import { StatusPill } from '@/ui/status-pill'
import { PlanDecision } from './plan-decision'
import { PlanDetails, PlanWarnings, PlanWhy } from './plan-details'
import { PlanFacts } from './plan-facts'
import { PlanPolicy } from './plan-policy'
import { PlanReceipt } from './plan-receipt'
import { isDecidable, presentPlan } from './plan-state'
import { SecretField } from './secret-field'
import { PlanSteps } from './plan-steps'
import { type Decision, useDecision } from './use-decision'
import { usePlan } from './use-plan'

function CardHeader({ plan, titleId }: { plan: PlanView; titleId: string }) {
  const now = useNow()
  const status = presentPlan(plan, now)
  return (
    <header className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-2.5">
      <h2 id={titleId} className="min-w-0 font-semibold break-words">
        <RowLink href={`/plans/${plan.id}`} className="mr-1.5 font-normal text-muted no-underline hover:underline">
          {plan.label} r{plan.revision}
        </RowLink>
        {plan.content.title}
      </h2>
      <StatusPill tone={status.tone} shape={status.shape} className="ml-auto">
        {status.word}
      </StatusPill>
      {plan.demo ? (
        <StatusPill tone="agent" shape="◇">
          Demo
        </StatusPill>
      ) : null}
    </header>
  )
}

/** Focus stays on the card after a decision: it moves from the button that went away to the receipt. */
function useReceiptFocus(
  plan: PlanView,
  decidable: boolean,
  receiptId: string,
  card: React.RefObject<HTMLElement | null>,
): void {
  const wasDecidable = useRef(decidable)
  useEffect(() => {
    const justDecided = wasDecidable.current && !decidable
    wasDecidable.current = decidable
    if (!justDecided) return
    const active = document.activeElement
    // Decided from the inbox's list: its row goes away, and the focus with it.
    const onRow = active?.getAttribute('data-plan-row') === plan.id
    const hadFocus = card.current?.contains(active) || active === document.body || onRow
    if (hadFocus && card.current) document.getElementById(receiptId)?.focus()
  }, [decidable, receiptId, card, plan.id, plan.state])
}

export type PlanKeys = { approve: () => void; edit: () => void; reject: () => void }

type LoadedProps = { plan: PlanView; onSettled?: () => void; onKeys?: (keys: PlanKeys) => void; className?: string }

function LoadedPlanCard({ plan, onSettled, onKeys, className = '' }: LoadedProps) {
  const id = useId()
  const titleId = `${id}-title`
  const receiptId = `${id}-receipt`
  const card = useRef<HTMLElement>(null)
  const now = useNow()
  const decidable = isDecidable(plan, now)
  const decision = useDecision(plan, onSettled)
  useReceiptFocus(plan, decidable, receiptId, card)
  useEffect(() => {
    const when = (allowed: boolean, act: () => void) => () => {
      if (decidable && allowed) act()
    }
    onKeys?.({
      approve: when(plan.rights.approve, decision.approve),
      edit: when(plan.rights.edit, decision.openEdit),
      reject: when(plan.rights.reject, decision.openReject),
    })
  })
  const { word } = presentPlan(plan, now)
  useLookingAt(`plan:${plan.id}`, card)
  return (
    <article
      ref={card}
      aria-labelledby={titleId}
      className={`panel min-w-0 ${className}`}
      onKeyDownCapture={ignoreRepeat}
      onKeyDown={(event) => approveByKey(event, plan, decidable, decision)}
    >
      <CardHeader plan={plan} titleId={titleId} />
      <div className="px-3 py-2.5">
        <PlanWhy plan={plan} />
        <PlanWarnings plan={plan} />
        <PlanFacts plan={plan} />
        <PlanSteps plan={plan} />
        <PlanDetails plan={plan} />
        <div className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted">
          <span>
            Asked by {plan.proposedBy.name}
            {plan.proposedBy.kind === 'agent' ? ', drafted by the agent' : ''}
          </span>
          <LookingNow subject={`plan:${plan.id}`} what="this plan" words />
          <AskButton
            size="sm"
            text={`Explain ${plan.label}`}
            chips={[{ kind: 'plan', id: plan.label, label: plan.label }]}
          />
          <CopyButton iconOnly label={`Copy link to ${plan.label}`} text={planAddress(plan.id)} />
          <PlanPolicy plan={plan} />
        </div>
      </div>
      {plan.content.secretValue ? <SecretField plan={plan} /> : null}
      <PlanDecision plan={plan} decision={decision} />
      {decidable ? null : <PlanReceipt plan={plan} headingId={receiptId} />}
      <p role="status" className="sr-only">
        {decision.state.step === 'sending' ? 'Sending your decision.' : `${plan.label}: ${word}.`}
      </p>
    </article>
  )
}

function planAddress(planId: string): string {
  return typeof window === 'undefined' ? `/plans/${planId}` : `${window.location.origin}/plans/${planId}`
}

/** A key that is held down presses nothing a second time, in the card or in its dialogs; text may still repeat. */
function ignoreRepeat(event: KeyboardEvent): void {
  if (!event.repeat || (event.key !== 'Enter' && event.key !== ' ')) return
  if (event.target instanceof HTMLTextAreaElement) return
  if (event.target instanceof HTMLInputElement && event.key === ' ') return
  event.preventDefault()
}

function approveByKey(event: KeyboardEvent, plan: PlanView, decidable: boolean, decision: Decision): void {
  if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.repeat || event.defaultPrevented) return
  // Inside a form of the card the same keys submit that form.
  if (event.target instanceof HTMLElement && event.target.closest('form, [role="dialog"]')) return
  if (!decidable || !plan.rights.approve || plan.drift.length > 0) return
  event.preventDefault()
  decision.approve()
}

type PlanCardProps = Omit<LoadedProps, 'plan'> & { planId: string }

/** The one card for a plan: in chat, in the inbox and on its own page. Drawn from the stored row, never from prose. */
export function PlanCard({ planId, ...rest }: PlanCardProps) {
  const query = usePlan(planId)
  if (query.data) return <LoadedPlanCard key={query.data.id} plan={query.data} {...rest} />
  if (query.error) {
    const { message, requestId } = toApiError(query.error)
    return (
      <InlineError
        title="This plan could not be loaded"
        detail={message}
        requestId={requestId ?? undefined}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    )
  }
  return (
    <div role="status" className="panel grid gap-2 p-3">
      <span className="sr-only">Loading plan</span>
      <Skeleton className="h-5 w-3/4" />
      <Skeleton className="h-24" />
      <Skeleton className="h-16" />
      <Skeleton className="h-8 w-1/2" />
    </div>
  )
}
