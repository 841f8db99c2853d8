'use client'
import type { PlanListItem } from '@clawbernetes/protocol/views/plan'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { PlanCard, type PlanKeys } from '@/features/plans/plan-card'
import { useRouter } from 'next/navigation'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { serverNow, useNow } from '@/ui/clock'
import { EmptyState } from '@/ui/empty-state'
import { InlineError } from '@/ui/inline-error'
import { Kbd } from '@/ui/kbd'
import { SkeletonRows } from '@/ui/skeleton'
import { SegmentedControl } from '@/ui/tabs'
import { inboxAction, nextAfter } from './inbox-keys'
import { PlanList } from './plan-list'
import { snooze, useSnoozed, wakeAll } from './snooze'

const TABS = ['waiting', 'mine', 'active', 'decided'] as const
type Tab = (typeof TABS)[number]

const NO_ITEMS: readonly PlanListItem[] = []

const EMPTY: Record<Tab, { title: string; text: string }> = {
  waiting: { title: 'Nothing is waiting', text: 'Plans that change something come here until a person decides.' },
  mine: { title: 'Nothing of yours is waiting', text: 'Plans that you asked for stand here until they are decided.' },
  active: { title: 'Nothing is running', text: 'Approved plans stand here until they are done.' },
  decided: {
    title: 'Nothing has been decided yet',
    text: 'Decided plans stay here with who decided and what came of it.',
  },
}

function useInbox(tab: Tab) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const query = useQuery(trpc.plans.list.queryOptions({ view: tab === 'mine' ? 'waiting' : tab, limit: 200 }))
  useRoomRefresh(`org:${organization.id}`, () => void queryClient.invalidateQueries(trpc.plans.list.queryFilter()), {
    accepts: (event) => event.kind.startsWith('plan.'),
  })
  const items = tab === 'mine' ? query.data?.filter((item) => item.mine) : query.data
  return { ...query, items }
}

/** Hides what was snoozed, until its time has come. */
function useAwake(items: readonly PlanListItem[], tab: Tab): { awake: readonly PlanListItem[]; asleep: number } {
  const snoozed = useSnoozed()
  const now = useNow()
  if (tab === 'decided' || tab === 'active' || now === null) return { awake: items, asleep: 0 }
  const awake = items.filter((item) => (snoozed[item.id] ?? 0) <= now)
  return { awake, asleep: items.length - awake.length }
}

const isTyping = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [role="dialog"]') !== null

export function ApprovalsPage() {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('waiting'))
  const [selected, setSelected] = useQueryState('plan')
  const [said, setSaid] = useState('')
  const router = useRouter()
  const inbox = useInbox(tab)
  const { awake, asleep } = useAwake(inbox.items ?? NO_ITEMS, tab)
  const ids = awake.map((item) => item.id)
  // A plan that has just been decided leaves the list but stays open as its receipt until another is chosen.
  const shownId = selected ?? ids[0] ?? null
  const keys = useRef<PlanKeys | null>(null)
  const page = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Arriving by keyboard (g a) the list is ready for j and 1; a focus that is somewhere on purpose stays there.
    const active = document.activeElement
    if (active === null || active === document.body || active.id === 'main')
      page.current?.focus({ preventScroll: true })
  }, [])
  const rememberKeys = useCallback((next: PlanKeys) => {
    keys.current = next
  }, [])

  const select = (id: string) => void setSelected(id)
  const focusRow = (id: string) => document.querySelector<HTMLElement>(`[data-plan-row="${CSS.escape(id)}"]`)?.focus()
  const onKeyDown = (event: KeyboardEvent) => {
    const modified = event.metaKey || event.ctrlKey || event.altKey
    const action = inboxAction(
      { key: event.key, repeat: event.repeat, modified, typing: isTyping(event.target) },
      ids,
      { chosen: selected, shown: shownId },
    )
    if (!action) return
    // Enter on a button or a link inside the card keeps its own meaning.
    if (action.type === 'open' && !(event.target instanceof HTMLElement && event.target.hasAttribute('data-plan-row')))
      return
    event.preventDefault()
    if (action.type === 'select') {
      select(action.id)
      focusRow(action.id)
    }
    if (action.type === 'open') router.push(`/plans/${action.id}`)
    if (action.type === 'approve') keys.current?.approve()
    if (action.type === 'edit') keys.current?.edit()
    if (action.type === 'reject') keys.current?.reject()
    if (action.type === 'snooze') snoozeShown()
  }
  const snoozeShown = () => {
    const item = awake.find((candidate) => candidate.id === shownId)
    if (!item) return
    const next = nextAfter(ids, item.id)
    snooze(item.id, Date.parse(item.expiresAt), serverNow())
    setSaid(`${item.label} snoozed for an hour.`)
    void setSelected(next)
  }
  const onSettled = () =>
    setSaid(ids.length > 1 ? 'Decided. Press j for the next plan.' : 'Decided. Nothing else is waiting.')

  return (
    <div
      ref={page}
      tabIndex={-1}
      className="flex h-full min-h-0 flex-col focus-visible:outline-none"
      onKeyDown={onKeyDown}
    >
      <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2.5 max-desk:px-3">
        <h1 className="text-lg font-semibold">Approvals</h1>
        <SegmentedControl
          label="Show"
          value={tab}
          onValueChange={(next) => void setTab(next)}
          options={[
            { value: 'waiting', label: 'Waiting' },
            { value: 'mine', label: 'Mine' },
            { value: 'active', label: 'Running' },
            { value: 'decided', label: 'Decided' },
          ]}
        />
        {asleep > 0 ? (
          <Button size="sm" variant="quiet" onClick={wakeAll}>
            {asleep} snoozed, show
          </Button>
        ) : null}
        <span className="ml-auto flex items-center gap-2 text-sm text-muted max-desk:hidden">
          <Kbd>j k</Kbd> move <Kbd>1</Kbd> approve <Kbd>2</Kbd> edit <Kbd>3</Kbd> reject <Kbd>h</Kbd> snooze
        </span>
        <span role="status" className="sr-only">
          {said}
        </span>
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="w-full min-w-0 overflow-y-auto desk:w-[340px] desk:shrink-0 desk:border-r desk:border-line">
          <InboxList inbox={inbox} tab={tab} items={awake} shownId={shownId} onSelect={select} />
        </div>
        <div className="min-w-0 flex-1 overflow-y-auto p-4 max-desk:hidden">
          {shownId ? (
            <PlanCard
              key={shownId}
              planId={shownId}
              onKeys={rememberKeys}
              onSettled={onSettled}
              className="mx-auto max-w-[760px]"
            />
          ) : null}
        </div>
      </div>
    </div>
  )
}

type InboxListProps = {
  inbox: ReturnType<typeof useInbox>
  tab: Tab
  items: readonly PlanListItem[]
  shownId: string | null
  onSelect: (id: string) => void
}

function InboxList({ inbox, tab, items, shownId, onSelect }: InboxListProps) {
  if (inbox.error && !inbox.data) {
    const { message, requestId } = toApiError(inbox.error)
    return (
      <InlineError
        className="m-3"
        title="The plans could not be loaded"
        detail={message}
        requestId={requestId ?? undefined}
        onRetry={() => void inbox.refetch()}
        retrying={inbox.isFetching}
      />
    )
  }
  if (!inbox.data) return <SkeletonRows rows={4} label="Loading plans" className="p-3" />
  if (items.length === 0) return <EmptyState title={EMPTY[tab].title}>{EMPTY[tab].text}</EmptyState>
  return <PlanList items={items} selectedId={shownId} onSelect={onSelect} label="Plans" />
}
