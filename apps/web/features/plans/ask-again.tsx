'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { InlineError } from '@/ui/inline-error'

/** A fresh proposal from the same arguments: previewed on the fleet as it is now, with a card of its own. */
export function AskAgain({ plan, className }: { plan: PlanView; className?: string }) {
  const trpc = useTRPC()
  const again = useMutation(trpc.plans.again.mutationOptions())
  // Of a plan that is done the successor is the one that takes it back: another line says so.
  if (plan.state === 'succeeded' || (!plan.rights.askAgain && !plan.successor)) return null
  return (
    <span className={className}>
      {plan.rights.askAgain ? (
        <Button onClick={() => again.mutate({ planId: plan.id })} pending={again.isPending}>
          Ask again
        </Button>
      ) : null}
      <span role="status">
        {plan.successor ? (
          <>
            {' '}
            Proposed again as{' '}
            <Link className="link" href={`/plans/${plan.successor.id}`}>
              {plan.successor.label}
            </Link>
          </>
        ) : again.isSuccess ? (
          ' It is being drafted anew.'
        ) : null}
      </span>
      {again.error ? (
        <InlineError className="mt-2" title="It was not asked for again" detail={toApiError(again.error).message} />
      ) : null}
    </span>
  )
}
