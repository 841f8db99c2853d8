'use client'
import { useRouter } from 'next/navigation'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useCallback, useRef, useState } from 'react'
import { PlanCard, type PlanKeys } from '@/features/plans/plan-card'
import { AskButton } from '@/features/shell/ask-button'
import { useChatDock } from '@/features/shell/chat-dock'
import { toApiError } from '@/trpc/client'
import { Button } from '@/ui/button'
import { serverNow } from '@/ui/clock'
import { EmptyState } from '@/ui/empty-state'
import { InlineError } from '@/ui/inline-error'
import { Kbd } from '@/ui/kbd'
import { SkeletonRows } from '@/ui/skeleton'
import { SegmentedControl } from '@/ui/tabs'
import { type InboxAction, nextAfter } from './inbox-keys'
import { PlanList } from './plan-list'
import { useBatch } from './use-batch'
import { snooze, wakeAll } from './snooze'
import { INBOX_TABS, type InboxTab, useInbox, useInboxKeys } from './use-inbox'

const TAB_OPTIONS: { value: InboxTab; label: string }[] = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'mine', label: 'Mine' },
  { value: 'active', label: 'Running' },
  { value: 'decided', label: 'Decided' },
]

const EMPTY: Record<InboxTab, { title: string; text: string }> = {
  waiting: { title: 'Nothing is waiting', text: 'Plans that change something come here until a person decides.' },
  mine: { title: 'Nothing of yours is waiting', text: 'Plans that you asked for stand here until they are decided.' },
  active: { title: 'Nothing is running', text: 'Approved plans stand here until they are done.' },
  decided: {
    title: 'Nothing has been decided yet',
    text: 'Decided plans stay here with who decided and what came of it.',
  },
}

function focusRow(id: string): void {
  document.querySelector<HTMLElement>(`[data-plan-row="${CSS.escape(id)}"]`)?.focus()
}

/** What waits, one beside the other, decided by keyboard or pointer. */
export function ApprovalsPage() {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(INBOX_TABS).withDefault('waiting'))
  const [chosen, setChosen] = useQueryState('plan')
  const [said, setSaid] = useState('')
  const router = useRouter()
  const inbox = useInbox(tab)
  const ids = inbox.awake.map((item) => item.id)
  // A plan that has just been decided leaves the list but stays open as its receipt until another is chosen.
  const shown = chosen ?? ids[0] ?? null
  const keys = useRef<PlanKeys | null>(null)
  const rememberKeys = useCallback((next: PlanKeys) => {
    keys.current = next
  }, [])

  const batch = useBatch(inbox.awake, setSaid)
  const snoozeShown = () => {
    const item = inbox.awake.find((candidate) => candidate.id === shown)
    if (!item) return
    snooze(item.id, Date.parse(item.expiresAt), serverNow())
    setSaid(`${item.label} snoozed for an hour.`)
    void setChosen(nextAfter(ids, item.id))
  }
  // A decided plan leaves the list; its receipt stays until the person goes on, unless they already have.
  const stayHere = () => void setChosen((now) => now ?? shown)
  const act = (action: InboxAction) => {
    if (action.type === 'mark') return batch.toggle(action.id)
    // With plans marked, approving means all of them.
    if (action.type === 'approve' && batch.chosen.length > 0) return void batch.approve()
    if (action.type === 'approve' || action.type === 'reject') stayHere()
    if (action.type === 'select') void setChosen(action.id).then(() => focusRow(action.id))
    if (action.type === 'open') router.push(`/plans/${action.id}`)
    if (action.type === 'approve') keys.current?.approve()
    if (action.type === 'edit') keys.current?.edit()
    if (action.type === 'reject') keys.current?.reject()
    if (action.type === 'snooze') snoozeShown()
  }
  useInboxKeys(ids, { chosen, shown }, act)
  const onSettled = () => {
    stayHere()
    setSaid(ids.length > 1 ? 'Decided. Press j for the next plan.' : 'Decided. Nothing else is waiting.')
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <InboxHeader tab={tab} onTab={(next) => void setTab(next)} asleep={inbox.asleep} said={said} />
      <div className="flex min-h-0 flex-1">
        <div className="w-full min-w-0 overflow-y-auto desk:w-[340px] desk:shrink-0 desk:border-r desk:border-line">
          <BatchBar batch={batch} />
          <InboxList inbox={inbox} tab={tab} shown={shown} batch={batch} onSelect={(id) => void setChosen(id)} />
        </div>
        <div className="min-w-0 flex-1 overflow-y-auto p-4 max-desk:hidden">
          {shown ? (
            <PlanCard
              key={shown}
              planId={shown}
              onKeys={rememberKeys}
              onSettled={onSettled}
              className="mx-auto max-w-[760px]"
            />
          ) : (
            <NothingShown tab={tab} loading={inbox.query.isPending} onTab={(next) => void setTab(next)} />
          )}
        </div>
      </div>
    </div>
  )
}

function NothingShown({ tab, loading, onTab }: { tab: InboxTab; loading: boolean; onTab: (tab: InboxTab) => void }) {
  const dock = useChatDock()
  if (loading) return null
  return (
    <EmptyState
      title="A plan opens here"
      action={
        <>
          <Button onClick={() => dock.focusComposer()}>Ask the agent for something</Button>
          {tab === 'decided' ? null : <Button onClick={() => onTab('decided')}>Show what was decided</Button>}
        </>
      }
    >
      With why, what exactly, what it costs, how it is undone, and who may approve it. Plans come in the moment the
      agent proposes them.
    </EmptyState>
  )
}

type InboxHeaderProps = { tab: InboxTab; onTab: (tab: InboxTab) => void; asleep: number; said: string }

function InboxHeader({ tab, onTab, asleep, said }: InboxHeaderProps) {
  return (
    <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2.5 max-desk:px-3">
      <h1 className="text-lg font-semibold">Approvals</h1>
      <SegmentedControl label="Show" value={tab} onValueChange={onTab} options={TAB_OPTIONS} />
      {asleep > 0 ? (
        <Button size="sm" variant="quiet" onClick={wakeAll}>
          {asleep} snoozed, show
        </Button>
      ) : null}
      <AskButton text="What is waiting for approval?" size="sm" />
      <span className="ml-auto flex items-center gap-2 text-sm text-muted max-desk:hidden">
        <Kbd>j k</Kbd> move <Kbd>1</Kbd> approve <Kbd>2</Kbd> edit <Kbd>3</Kbd> reject <Kbd>h</Kbd> snooze <Kbd>x</Kbd>{' '}
        select
      </span>
      <span role="status" className={said.includes('was not:') ? 'w-full text-sm' : 'sr-only'}>
        {said}
      </span>
    </div>
  )
}

/** What is selected, and its one action. */
function BatchBar({ batch }: { batch: ReturnType<typeof useBatch> }) {
  if (batch.chosen.length === 0) return null
  return (
    <div role="group" aria-label="Selected plans" className="grid gap-1 border-b border-line bg-raised px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="primary"
          size="sm"
          pending={batch.busy}
          aria-disabled={batch.refusal !== null}
          onClick={() => void batch.approve()}
        >
          Approve {batch.chosen.length} selected
        </Button>
        <Button size="sm" onClick={batch.clear}>
          Clear selection
        </Button>
      </div>
      {batch.refusal ? <p className="text-sm text-muted">{batch.refusal}</p> : null}
    </div>
  )
}

type InboxListProps = {
  inbox: ReturnType<typeof useInbox>
  tab: InboxTab
  shown: string | null
  batch: ReturnType<typeof useBatch>
  onSelect: (id: string) => void
}

function InboxList({ inbox: { query, awake }, tab, shown, batch, onSelect }: InboxListProps) {
  if (query.error && !query.data) {
    const { message, requestId } = toApiError(query.error)
    return (
      <InlineError
        className="m-3"
        title="The plans could not be loaded"
        detail={message}
        requestId={requestId ?? undefined}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    )
  }
  if (!query.data) return <SkeletonRows rows={4} label="Loading plans" className="p-3" />
  if (awake.length === 0) return <EmptyState title={EMPTY[tab].title}>{EMPTY[tab].text}</EmptyState>
  const isMarked = tab === 'waiting' || tab === 'mine' ? batch.isMarked : () => false
  return <PlanList items={awake} selectedId={shown} isMarked={isMarked} onSelect={onSelect} label="Plans" />
}
