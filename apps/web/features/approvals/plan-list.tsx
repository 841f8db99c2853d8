'use client'
import type { PlanListItem } from '@clawbernetes/protocol/views/plan'
import Link from 'next/link'
import { useEffect, useRef } from 'react'
import { presentPlanState, presentRisk } from '@/features/plans/plan-state'
import { RelativeTime } from '@/ui/clock'
import { cn } from '@/ui/cn'
import { StatusText } from '@/ui/status-pill'

type RowProps = { item: PlanListItem; selected: boolean; marked: boolean; onSelect: () => void }

function Row({ item, selected, marked, onSelect }: RowProps) {
  const risk = presentRisk(item.risk)
  const state = presentPlanState(item.state)
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (selected) link.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  return (
    <li>
      <Link
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
        className={cn(
          'block border-b border-line px-3 py-2 no-underline hover:bg-surface focus-visible:-outline-offset-2',
          selected && 'bg-info-tint shadow-[inset_3px_0_0_var(--info)] hover:bg-info-tint',
        )}
      >
        <span className="flex items-baseline gap-2">
          {marked ? (
            <span className="text-info">
              <span aria-hidden="true">☑</span>
              <span className="sr-only">selected</span>
            </span>
          ) : null}
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
      </Link>
    </li>
  )
}

export function PlanList({
  items,
  selectedId,
  isMarked,
  onSelect,
  label,
}: {
  items: readonly PlanListItem[]
  selectedId: string | null
  isMarked: (id: string) => boolean
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
          marked={isMarked(item.id)}
          onSelect={() => onSelect(item.id)}
        />
      ))}
    </ul>
  )
}
