'use client'
import { AskButton } from '@/features/shell/ask-button'
import { Button } from '@/ui/button'
import { Kbd } from '@/ui/kbd'
import { SegmentedControl } from '@/ui/tabs'
import { wakeAll } from './snooze'
import type { useBatch } from './use-batch'
import type { InboxTab } from './use-inbox'

const TAB_OPTIONS: { value: InboxTab; label: string }[] = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'mine', label: 'Mine' },
  { value: 'active', label: 'Running' },
  { value: 'decided', label: 'Decided' },
]

type InboxHeaderProps = { tab: InboxTab; onTab: (tab: InboxTab) => void; asleep: number; said: string }

export function InboxHeader({ tab, onTab, asleep, said }: InboxHeaderProps) {
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
export function BatchBar({ batch }: { batch: ReturnType<typeof useBatch> }) {
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
