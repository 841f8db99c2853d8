'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/features/identity/session'
import { toApiError, useTRPC } from '@/trpc/client'
import { Card } from '@/ui/card'
import { InlineError, Notice } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { ConnectionTest } from './planner/connection-test'
import { DataSent } from './planner/data-sent'
import { PlannerForm } from './planner/planner-form'
import { PlannerUsage } from './planner/planner-usage'

const USAGE_AGAIN_MS = 15_000

/** Who plans: the embedded planner or a language model, its budgets, and what it gets to see. */
export function PlannerSection() {
  const mayManage = useCan('managePolicy')
  return mayManage ? <ManagedPlanner /> : <p>Seeing and changing the planner needs the role admin.</p>
}

function ManagedPlanner() {
  const trpc = useTRPC()
  const [dirty, setDirty] = useState(false)
  const settings = useQuery(trpc.planner.settings.queryOptions())
  const usage = useQuery({ ...trpc.planner.usage.queryOptions(), refetchInterval: USAGE_AGAIN_MS })
  if (settings.error && !settings.data)
    return (
      <InlineError
        title="The planner’s settings could not be loaded"
        detail={toApiError(settings.error).message}
        onRetry={() => void settings.refetch()}
      />
    )
  if (!settings.data) return <SkeletonRows rows={8} label="Loading the planner’s settings" />
  const provider = settings.data.provider ?? settings.data.installation.provider
  const why = dirty
    ? 'Save first: the saved settings are tested.'
    : provider === 'embedded'
      ? 'The embedded planner needs no connection.'
      : null
  return (
    <div className="grid gap-3">
      <Card title="Planner" note="Who understands what people write.">
        {settings.data.installation.problem ? (
          <Notice tone="warn" className="mb-3">
            The installation’s own setting cannot be used: {settings.data.installation.problem}
          </Notice>
        ) : null}
        <PlannerForm settings={settings.data} onDirty={setDirty} />
      </Card>
      <Card title="Connection" note="Needs one successful tool call.">
        <ConnectionTest why={why} />
      </Card>
      <Card title="Used today">
        {usage.data ? <PlannerUsage usage={usage.data} /> : null}
        {usage.error && !usage.data ? (
          <InlineError
            title="Today’s use could not be loaded"
            detail={toApiError(usage.error).message}
            onRetry={() => void usage.refetch()}
          />
        ) : null}
        {usage.data || usage.error ? null : <SkeletonRows rows={2} label="Loading today’s use" />}
      </Card>
      <Card title="What is sent, and who answers">
        <DataSent settings={settings.data} />
      </Card>
    </div>
  )
}
