'use client'
import type { PlanListItem } from '@clawbernetes/protocol/views/plan'
import { useEffect, useRef } from 'react'
import { presentPlanState, presentRisk } from '@/features/plans/plan-state'
import { RelativeTime } from '@/ui/clock'
import { cn } from '@/ui/cn'
import { RowLink } from '@/ui/row-link'
import { StatusText } from '@/ui/status-pill'

/** Marking several for one action; null where nothing waits. */
export type PlanMarks = { isMarked: (id: string) => boolean; toggle: (id: string) => void }
type RowProps = { item: PlanListItem; selected: boolean; marks: PlanMarks | null; onSelect: () => void }

function Row({ item, selected, marks, onSelect }: RowProps) {
  const risk = presentRisk(item.risk)
  const state = presentPlanState(item.state)
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (selected) link.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  return (
    <li
      className={cn(
        'flex border-b border-line hover:bg-surface',
        selected && 'bg-info-tint shadow-[inset_3px_0_0_var(--info)] hover:bg-info-tint',
      )}
    >
      {marks ? <Mark item={item} marks={marks} /> : null}
      <RowLink
        ref={link}
        href={`/plans/${item.id}`}
        data-plan-row={item.id}
        aria-current={selected || undefined}
        onClick={(event) => {
          // On a wide screen the card opens beside the list; with a modifier, or on a phone, the link is a link.
          if (event.metaKey || event.ctrlKey || event.shiftKey || window.matchMedia('(max-width: 820px)').matches)
            return
          event.preventDefault()
          onSelect()
        }}
        onFocus={() => (window.matchMedia('(max-width: 820px)').matches ? undefined : onSelect())}
        className="block min-w-0 flex-1 px-3 py-2 no-underline focus-visible:-outline-offset-2"
      >
        <span className="flex items-baseline gap-2">
          <StatusText tone={risk.tone} shape={risk.shape} className="text-xs">
            {risk.word}
          </StatusText>
          <span className="min-w-0 flex-1 font-semibold break-words">
            <span className="font-normal text-muted">
              {item.label} r{item.revision}{' '}
            </span>
            {item.title}
          </span>
        </span>
        <span className="flex flex-wrap gap-x-2 text-xs text-muted">
          <span>from {item.proposedBy}</span>
          {item.state === 'proposed' ? (
            <span>
              expires <RelativeTime value={item.expiresAt} />
            </span>
          ) : (
            <StatusText tone={state.tone} shape={state.shape} className="text-xs">
              {state.word}
            </StatusText>
          )}
          {item.approvalsNeeded > 1 ? (
            <span>
              needs {item.approvalsNeeded} ({item.approvals} so far)
            </span>
          ) : null}
          {item.demo ? <span>demo</span> : null}
        </span>
      </RowLink>
    </li>
  )
}

/** Only what may be approved together can be marked with the pointer; `x` on anything else says why not. */
function Mark({ item, marks }: { item: PlanListItem; marks: PlanMarks }) {
  const marked = marks.isMarked(item.id)
  if (item.risk !== 'low' && !marked) return null
  return (
    <label className="relative flex w-11 shrink-0 cursor-pointer justify-center pt-2.5">
      <span className="sr-only">Select {item.label}</span>
      <input type="checkbox" checked={marked} onChange={() => marks.toggle(item.id)} className="size-6" />
    </label>
  )
}

export function PlanList({
  items,
  selectedId,
  marks,
  onSelect,
  label,
}: {
  items: readonly PlanListItem[]
  selectedId: string | null
  marks: PlanMarks | null
  onSelect: (id: string) => void
  label: string
}) {
  return (
    <ul aria-label={label} className="m-0 list-none p-0">
      {items.map((item) => (
        <Row
          key={item.id}
          item={item}
          selected={item.id === selectedId}
          marks={marks}
          onSelect={() => onSelect(item.id)}
        />
      ))}
    </ul>
  )
}
