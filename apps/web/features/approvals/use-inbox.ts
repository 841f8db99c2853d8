'use client'
import type { PlanListItem } from '@clawbernetes/protocol/views/plan'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { useTRPC } from '@/trpc/client'
import { useNow } from '@/ui/clock'
import { arrange } from './inbox-filter'
import { type InboxAction, inboxAction } from './inbox-keys'
import { useSnoozed } from './snooze'
import type { useInboxFilter } from './use-inbox-filter'

export const INBOX_TABS = ['waiting', 'mine', 'active', 'decided'] as const
export type InboxTab = (typeof INBOX_TABS)[number]

/** What waits can be put off, marked and sorted; what is over stays as the server orders it. */
export const isOpen = (tab: InboxTab): boolean => tab === 'waiting' || tab === 'mine'

export const MOST_PLANS = 200
const NO_ITEMS: readonly PlanListItem[] = []

/** The plans of one tab, kept fresh: `items` all of them, `awake` those that fit the filter and are not snoozed. */
export function useInbox(tab: InboxTab, { filter, sort }: ReturnType<typeof useInboxFilter>) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const query = useQuery(trpc.plans.list.queryOptions({ view: tab === 'mine' ? 'waiting' : tab, limit: MOST_PLANS }))
  useRoomRefresh(`org:${organization.id}`, () => void queryClient.invalidateQueries(trpc.plans.list.queryFilter()), {
    accepts: (event) => event.kind.startsWith('plan.'),
  })
  const all = query.data ?? NO_ITEMS
  const items = tab === 'mine' ? all.filter((item) => item.mine) : all
  const { awake, asleep } = useAwake(arrange(items, filter, isOpen(tab) ? sort : null), tab)
  return { query, items, awake, asleep }
}

function useAwake(items: readonly PlanListItem[], tab: InboxTab): { awake: readonly PlanListItem[]; asleep: number } {
  const snoozed = useSnoozed()
  const now = useNow()
  if (!isOpen(tab) || now === null) return { awake: items, asleep: 0 }
  const awake = items.filter((item) => (snoozed[item.id] ?? 0) <= now)
  return { awake, asleep: items.length - awake.length }
}

const isTyping = (target: HTMLElement): boolean =>
  target.closest('input, textarea, select, form, [role="dialog"], [role="menu"]') !== null

/**
 * Single keys, for the focus inside the page's main part or nowhere in particular (just arrived). Keys pressed in the chat
 * or the header are not meant for the inbox.
 */
export function useInboxKeys(
  ids: readonly string[],
  at: { chosen: string | null; shown: string | null },
  onAction: (action: InboxAction) => void,
): void {
  const handle = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : document.body
    if (event.defaultPrevented || !(target === document.body || target.closest('main'))) return
    const modified = event.metaKey || event.ctrlKey || event.altKey
    const action = inboxAction({ key: event.key, repeat: event.repeat, modified, typing: isTyping(target) }, ids, at)
    // Enter on a button or a link inside the card keeps its own meaning.
    if (!action || (action.type === 'open' && !target.hasAttribute('data-plan-row'))) return
    event.preventDefault()
    onAction(action)
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => handle(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}
