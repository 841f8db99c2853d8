'use client'
import { useChatDock } from '@/features/shell/chat-dock'
import { toApiError } from '@/trpc/client'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { filterWords } from './inbox-filter'
import { PlanList } from './plan-list'
import type { useBatch } from './use-batch'
import { type InboxTab, isOpen, MOST_PLANS, type useInbox } from './use-inbox'
import type { useInboxFilter } from './use-inbox-filter'
import { wakeAll } from './snooze'

const EMPTY: Record<InboxTab, { title: string; text: string }> = {
  waiting: { title: 'Nothing is waiting', text: 'Plans that change something come here until a person decides.' },
  mine: { title: 'Nothing of yours is waiting', text: 'Plans that you asked for stand here until they are decided.' },
  active: { title: 'Nothing is running', text: 'Approved plans stand here until they are done.' },
  decided: {
    title: 'Nothing has been decided yet',
    text: 'Decided plans stay here with who decided and what came of it.',
  },
}

type InboxListProps = {
  inbox: ReturnType<typeof useInbox>
  tab: InboxTab
  shown: string | null
  batch: ReturnType<typeof useBatch>
  filter: ReturnType<typeof useInboxFilter>
  onSelect: (id: string) => void
}

export function InboxList({ inbox, tab, shown, batch, filter, onSelect }: InboxListProps) {
  const { query, awake } = inbox
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
  if (awake.length === 0) return <NothingListed inbox={inbox} tab={tab} filter={filter} />
  return (
    <>
      <PlanList items={awake} selectedId={shown} marks={isOpen(tab) ? batch : null} onSelect={onSelect} label="Plans" />
      {query.data.length === MOST_PLANS ? (
        <p className="px-3 py-2 text-sm text-muted">
          {isOpen(tab) ? `The ${MOST_PLANS} that expire first.` : `The newest ${MOST_PLANS}.`} Filters look among these.
        </p>
      ) : null}
    </>
  )
}

/** Nothing at all, nothing that fits, or everything put off: three different things, each with its way on. */
function NothingListed({ inbox, tab, filter }: Pick<InboxListProps, 'inbox' | 'tab' | 'filter'>) {
  const { asleep, items } = inbox
  if (asleep > 0)
    return (
      <EmptyState
        title={asleep === 1 ? 'The only one is snoozed' : `All ${asleep} are snoozed`}
        action={<Button onClick={wakeAll}>Show snoozed plans</Button>}
      >
        They come back by themselves before they expire.
      </EmptyState>
    )
  if (filter.filtered && items.length > 0)
    return (
      <EmptyState title="No plan matches" action={<Button onClick={filter.clear}>Clear filters</Button>}>
        {items.length === 1 ? 'One plan is here' : `${items.length} plans are here`} without{' '}
        {filterWords(filter.filter)}.
      </EmptyState>
    )
  return <EmptyState title={EMPTY[tab].title}>{EMPTY[tab].text}</EmptyState>
}

export function NothingShown({
  tab,
  loading,
  onTab,
}: {
  tab: InboxTab
  loading: boolean
  onTab: (tab: InboxTab) => void
}) {
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
