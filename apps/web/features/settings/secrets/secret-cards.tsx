'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { PlanCard } from '@/features/plans/plan-card'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { InlineError } from '@/ui/inline-error'
import type { AskedSecret } from './use-secret-plan'

const SECRET_TOOLS = new Set(['secret_create', 'secret_rotate', 'secret_delete'])

/** The cards of secrets that wait for a decision, and the one just asked for until the person puts it away. */
export function SecretCards({ asked }: { asked: AskedSecret }) {
  const trpc = useTRPC()
  const waiting = useQuery(trpc.plans.list.queryOptions({ view: 'waiting', limit: 200 }))
  const ids = (waiting.data ?? []).filter((plan) => SECRET_TOOLS.has(plan.action)).map((plan) => plan.id)
  const shown = asked.planId && !ids.includes(asked.planId) ? [asked.planId, ...ids] : ids
  const newest = useRef<HTMLDivElement>(null)
  const { planId } = asked
  useEffect(() => {
    if (planId) newest.current?.scrollIntoView({ block: 'nearest' })
  }, [planId])
  return (
    <>
      <p role="status" className={asked.drafting ? 'text-muted' : 'sr-only'}>
        {asked.drafting ? 'Drawing the card…' : planId ? 'The card is below. It waits for your decision.' : ''}
      </p>
      {asked.refusal ? (
        <InlineError
          title="No plan was made"
          detail={asked.refusal}
          extraAction={
            <Button size="sm" onClick={asked.forget}>
              Dismiss
            </Button>
          }
        />
      ) : null}
      {shown.map((id) => (
        <div key={id} ref={id === planId ? newest : undefined} className="grid gap-2">
          <PlanCard planId={id} />
          {id === planId && !ids.includes(id) && !waiting.isFetching ? (
            <div>
              <Button onClick={asked.forget}>Put this card away</Button>
            </div>
          ) : null}
        </div>
      ))}
    </>
  )
}
