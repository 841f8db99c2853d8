'use client'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import { useChatDock, type ChatContextChip } from '@/features/shell/chat-dock'
import { pageName } from '@/features/shell/nav-items'

/** The page one is on goes along as a chip until it is removed; it comes back with the next page. */
export function usePageChips(): {
  chips: ChatContextChip[]
  remove: (chip: ChatContextChip) => void
  clear: () => void
} {
  const dock = useChatDock()
  const pathname = usePathname()
  const [dismissedPage, setDismissedPage] = useState<string | null>(null)
  const pageChip: ChatContextChip | null =
    pathname.startsWith('/chat') || dismissedPage === pathname
      ? null
      : { kind: 'page', id: pathname, label: pageName(pathname) }
  // A page may hand over what it is about already: each thing is sent, and shown, once.
  const chips = [pageChip, ...dock.ambient, ...dock.chips]
    .filter((chip) => chip !== null)
    .filter((chip, at, all) => all.findIndex((other) => other.kind === chip.kind && other.id === chip.id) === at)
  return {
    chips,
    remove: (chip) => (chip.kind === 'page' ? setDismissedPage(pathname) : dock.removeChip(chip)),
    clear: dock.clearChips,
  }
}
