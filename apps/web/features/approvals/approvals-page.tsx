'use client'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { type ReactNode, useCallback, useRef, useState } from 'react'
import { PlanCard, type PlanKeys } from '@/features/plans/plan-card'
import { Button } from '@/ui/button'
import { InboxFilterBar } from './inbox-filter-bar'
import { BatchBar, InboxHeader } from './inbox-header'
import { type InboxAction, nextAfter } from './inbox-keys'
import { InboxList, NothingShown } from './inbox-list'
import { useBatch } from './use-batch'
import { INBOX_TABS, isOpen, useInbox, useInboxKeys } from './use-inbox'
import { useInboxFilter } from './use-inbox-filter'
import { useSnoozing } from './use-snoozing'
import { whenReachable } from '@/ui/when-reachable'

/** Loaded when somebody puts a plan off. */
const SnoozeDialog = dynamic(
  whenReachable(() => import('./snooze-dialog').then((m) => m.SnoozeDialog)),
  { ssr: false },
)

function focusRow(id: string): void {
  document.querySelector<HTMLElement>(`[data-plan-row="${CSS.escape(id)}"]`)?.focus()
}

/** What waits, one beside the other, decided by keyboard or pointer. */
export function ApprovalsPage() {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(INBOX_TABS).withDefault('waiting'))
  const [chosen, setChosen] = useQueryState('plan')
  const [said, setSaid] = useState('')
  const router = useRouter()
  const filter = useInboxFilter()
  const inbox = useInbox(tab, filter)
  const ids = inbox.awake.map((item) => item.id)
  // A plan that has just been decided leaves the list but stays open as its receipt until another is chosen.
  const shown = chosen ?? ids[0] ?? null
  const keys = useRef<PlanKeys | null>(null)
  const rememberKeys = useCallback((next: PlanKeys) => {
    keys.current = next
  }, [])

  const batch = useBatch(inbox.awake, setSaid)
  const snoozing = useSnoozing(isOpen(tab) ? inbox.awake : [], async (item, words) => {
    setSaid(words)
    const next = nextAfter(ids, item.id)
    await setChosen(next)
    if (next) focusRow(next)
  })
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
    if (action.type === 'snooze') snoozing.ask(shown)
  }
  useInboxKeys(ids, { chosen, shown }, act)
  const onSettled = () => {
    stayHere()
    setSaid(ids.length > 1 ? 'Decided. Press j for the next plan.' : 'Decided. Nothing else is waiting.')
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <InboxHeader tab={tab} onTab={(next) => void setTab(next)} asleep={inbox.asleep} said={said} />
      <InboxFilterBar items={inbox.items} state={filter} isSortable={isOpen(tab)} />
      <div className="flex min-h-0 flex-1">
        <div className="w-full min-w-0 overflow-y-auto desk:w-[340px] desk:shrink-0 desk:border-r desk:border-line">
          <BatchBar batch={batch} />
          <InboxList
            inbox={inbox}
            tab={tab}
            shown={shown}
            batch={batch}
            filter={filter}
            onSelect={(id) => void setChosen(id)}
          />
        </div>
        <CardPane
          shown={shown}
          onKeys={rememberKeys}
          onSettled={onSettled}
          onSnooze={isOpen(tab) && shown && ids.includes(shown) ? () => snoozing.ask(shown) : null}
          empty={<NothingShown tab={tab} loading={inbox.query.isPending} onTab={(next) => void setTab(next)} />}
        />
      </div>
      {snoozing.item ? (
        <SnoozeDialog
          label={snoozing.item.label}
          expiresAtMs={Date.parse(snoozing.item.expiresAt)}
          onSnooze={snoozing.until}
          onClose={snoozing.close}
        />
      ) : null}
    </div>
  )
}

type CardPaneProps = {
  shown: string | null
  onKeys: (keys: PlanKeys) => void
  onSettled: () => void
  /** null: it cannot be put off. */
  onSnooze: (() => void) | null
  empty: ReactNode
}

/** The chosen plan beside the list; on a phone it is a page of its own. */
function CardPane({ shown, onKeys, onSettled, onSnooze, empty }: CardPaneProps) {
  return (
    <div className="min-w-0 flex-1 overflow-y-auto p-4 max-desk:hidden">
      {shown ? (
        <div className="mx-auto grid max-w-[760px] gap-2">
          <PlanCard key={shown} planId={shown} onKeys={onKeys} onSettled={onSettled} />
          {onSnooze ? (
            <div>
              <Button size="sm" variant="quiet" onClick={onSnooze}>
                Snooze…
              </Button>
            </div>
          ) : null}
        </div>
      ) : (
        empty
      )}
    </div>
  )
}
