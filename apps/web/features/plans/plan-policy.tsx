'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useCan } from '@/features/identity/session'
import { Button } from '@/ui/button'
import { whenReachable } from '@/ui/when-reachable'

const RuleDialog = dynamic(
  whenReachable(() => import('../settings/policy/rule-dialog').then((module) => module.RuleDialog)),
  {
    ssr: false,
  },
)

/** For administrators: a rule for plans like this one, made from what the card says. There is no "always allow". */
export function PlanPolicy({ plan }: { plan: PlanView }) {
  const mayChange = useCan('managePolicy')
  const [open, setOpen] = useState(false)
  if (!mayChange) return null
  const { tool, affects, cost } = plan.content
  const target = affects.nodes[0]?.name ?? affects.workloads[0]?.name ?? null
  return (
    <>
      <Button size="sm" variant="quiet" onClick={() => setOpen(true)}>
        Policy…
      </Button>
      {open ? (
        <RuleDialog
          tool={tool.name}
          target={target}
          perHourMicroUsd={cost.perHourMicroUsd}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  )
}
