'use client'
import { Dialog } from '@/ui/dialog'
import { Kbd } from '@/ui/kbd'
import { NAV_ITEMS } from './nav-items'

const GROUPS: { title: string; rows: [string, string][] }[] = [
  {
    title: 'Everywhere',
    rows: [
      ['⌘K or Ctrl K', 'Search or run'],
      ['⌘I or Ctrl I', 'Open or close chat'],
      ['⌘⇧I or Ctrl Shift I', 'Write to the agent'],
      ['/', 'Filter this list'],
      ['p', 'Hold the page still, or let it move again'],
      ['!', 'Emergency stop, after a reason'],
      ['?', 'This list'],
      ['Esc', 'Close the top layer'],
    ],
  },
  { title: 'Go to', rows: NAV_ITEMS.map((item) => [`g then ${item.key}`, item.label]) },
  {
    title: 'Lists and approvals',
    rows: [
      ['j, k', 'Next, previous'],
      ['Enter', 'Open'],
      ['x', 'Select a row, or a node on the map'],
      ['1', 'Approve'],
      ['2', 'Edit'],
      ['3', 'Reject'],
      ['h', 'Snooze'],
      ['1 to 9', 'Answer a question in the conversation'],
      ['⌘⏎ or Ctrl ⏎', 'Approve the plan in focus, or send'],
    ],
  },
]

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Keyboard shortcuts"
      description="Single keys act only outside text fields and can be switched off in Settings, Appearance."
    >
      <div className="grid gap-4">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1 font-semibold">{group.title}</h3>
            <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
              {group.rows.map(([keys, what]) => (
                <div key={keys} className="contents">
                  <dt>
                    <Kbd>{keys}</Kbd>
                    <span className="sr-only">{keys}</span>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
