'use client'
import type { NodeEvent } from '@clawbernetes/protocol/views/node'
import { useState } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { ClockTime } from '@/ui/clock'
import { EmptyState } from '@/ui/empty-state'
import { SkeletonRows } from '@/ui/skeleton'
import { eventTone } from './event-tone'
import { TONE_SHAPE, TONE_TEXT } from '@/ui/status-pill'
import type { NodeEventsState } from './use-node-events'

/** What the machine reported and what the control plane noticed, newest first. */
export function NodeEvents({
  events,
  query,
  more,
  loadingMore,
  title = 'Events',
}: NodeEventsState & { title?: string }) {
  const [kind, setKind] = useState('')
  const kinds = [...new Set(events.map((event) => event.kind))].sort()
  const shown = kind === '' ? events : events.filter((event) => event.kind === kind)
  return (
    <Card
      title={title}
      note={more ? `${events.length} newest` : String(events.length)}
      bodyClassName="p-0"
      actions={
        kinds.length > 1 ? (
          <select
            aria-label="Kind of event"
            value={kind}
            onChange={(event) => setKind(event.target.value)}
            className="min-h-8 rounded-md border border-control bg-bg px-2 text-sm max-desk:min-h-11"
          >
            <option value="">All kinds</option>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        ) : null
      }
    >
      <PanelError title="The events could not be read" query={query} className="m-3" />
      {query.isPending ? <SkeletonRows rows={5} label="Loading events" className="p-3" /> : null}
      {!query.isPending && events.length === 0 ? (
        <EmptyState title="Nothing happened">No XID, throttling, loss or finding was recorded here.</EmptyState>
      ) : null}
      <ol className="m-0 list-none divide-y divide-line p-0">
        {shown.map((event) => (
          <EventLine key={event.id} event={event} />
        ))}
      </ol>
      {more ? (
        <div className="p-3">
          <Button size="sm" onClick={more} pending={loadingMore}>
            Older events
          </Button>
        </div>
      ) : null}
    </Card>
  )
}

function EventLine({ event }: { event: NodeEvent }) {
  const tone = eventTone(event.kind)
  return (
    <li className="grid grid-cols-[auto_1fr] items-baseline gap-x-3 px-3 py-1.5 max-desk:grid-cols-1">
      <ClockTime value={event.atMs} seconds className="text-sm whitespace-nowrap text-muted" />
      <div className="min-w-0">
        <span aria-hidden="true" className={TONE_TEXT[tone]}>
          {TONE_SHAPE[tone]}{' '}
        </span>
        {event.title}
        {event.gpuIndex === null ? null : <span className="text-muted"> · GPU {event.gpuIndex}</span>}
        {event.line === null ? null : (
          <code
            className="block overflow-x-auto font-mono text-xs text-muted"
            tabIndex={0}
            aria-label="The machine's own line"
          >
            {event.line}
          </code>
        )}
      </div>
    </li>
  )
}
