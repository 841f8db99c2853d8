'use client'
import { X } from 'lucide-react'
import type { ChatContextChip } from '@/features/shell/chat-dock'

/** What goes along with the next message: visible, removable, and nothing else goes. */
export function ContextChips({
  chips,
  onRemove,
}: {
  chips: readonly ChatContextChip[]
  onRemove: (chip: ChatContextChip) => void
}) {
  if (chips.length === 0) return null
  return (
    <ul aria-label="Sent with your message" className="m-0 mb-1.5 flex list-none flex-wrap gap-1.5 p-0">
      {chips.map((chip) => (
        <li
          key={`${chip.kind}:${chip.id}`}
          className="inline-flex items-center rounded-full border border-line bg-surface pl-2 text-xs"
        >
          <span className="max-w-44 truncate">{chip.label}</span>
          <button
            type="button"
            onClick={() => onRemove(chip)}
            aria-label={`Do not send ${chip.label}`}
            className="grid size-6 place-items-center rounded-full text-muted hover:text-fg max-desk:size-9"
          >
            <X aria-hidden="true" className="size-3" />
          </button>
        </li>
      ))}
    </ul>
  )
}
