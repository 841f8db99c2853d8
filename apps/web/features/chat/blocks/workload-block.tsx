import { StatusPill } from '@/ui/status-pill'
import { presentWorkloadStatus } from './workload-status'
import type { BlockOf } from './block-of'

export function WorkloadBlock({ block }: { block: BlockOf<'workload'> }) {
  const status = presentWorkloadStatus(block.status)
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-semibold">{block.name}</span>
        <StatusPill tone={status.tone} shape={status.shape}>
          {status.word}
        </StatusPill>
      </p>
      <dl className="m-0 mt-1.5 grid grid-cols-[max-content_1fr] gap-x-3 gap-y-0.5">
        {block.facts.map((fact) => (
          <div key={fact.label} className="contents">
            <dt className="text-muted">{fact.label}</dt>
            <dd className="m-0 min-w-0 break-words">{fact.value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
