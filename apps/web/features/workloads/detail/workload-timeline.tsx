import type { WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import Link from 'next/link'
import { Card } from '@/ui/card'
import { ClockTime } from '@/ui/clock'
import { EmptyState } from '@/ui/empty-state'

/** Everything that is known to have happened to it, newest first. */
export function WorkloadTimeline({ workload }: { workload: WorkloadDetail }) {
  if (workload.timeline.length === 0)
    return (
      <Card title="Timeline">
        <EmptyState title="Nothing recorded" />
      </Card>
    )
  return (
    <Card
      title="Timeline"
      note={
        workload.planId ? (
          <Link href={`/plans/${workload.planId}`} className="link">
            {workload.planLabel}
          </Link>
        ) : undefined
      }
      bodyClassName="p-0"
    >
      <ol className="m-0 list-none divide-y divide-line p-0">
        {workload.timeline.toReversed().map((moment, index) => (
          <li key={index} className="grid grid-cols-[150px_1fr] gap-3 px-3 py-1.5 max-desk:grid-cols-1 max-desk:gap-0">
            <ClockTime value={moment.at} seconds className="text-sm text-muted" />
            <span>{moment.text}</span>
          </li>
        ))}
      </ol>
    </Card>
  )
}
