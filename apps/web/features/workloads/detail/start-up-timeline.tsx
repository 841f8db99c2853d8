import type { WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import { Card } from '@/ui/card'
import { ClockTime } from '@/ui/clock'
import { formatDuration } from '@/ui/format'

const SHOWN = 8

/** From asked to running: each moment with how long it took to get there. */
export function StartUpTimeline({ workload }: { workload: WorkloadDetail }) {
  const moments = workload.timeline.slice(0, SHOWN)
  return (
    <Card title="Start-up" note={moments.length < workload.timeline.length ? `first ${SHOWN} moments` : undefined}>
      <ol className="m-0 list-none p-0">
        {moments.map((moment, index) => {
          const before = moments[index - 1]
          const tookMs = before ? Date.parse(moment.at) - Date.parse(before.at) : null
          return (
            <li
              key={`${moment.at}${moment.text}`}
              className="relative grid grid-cols-[64px_1fr_auto] gap-2 border-l-2 border-line py-0.5 pl-3 before:absolute before:top-2.5 before:-left-[5px] before:size-2 before:rounded-full before:bg-info"
            >
              <ClockTime value={moment.at} seconds className="text-sm text-muted" />
              <span className="min-w-0">{moment.text}</span>
              <span className="text-sm whitespace-nowrap text-muted">
                {tookMs === null || tookMs <= 0 ? '' : `+${formatDuration(tookMs)}`}
              </span>
            </li>
          )
        })}
      </ol>
    </Card>
  )
}
