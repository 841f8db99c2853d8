'use client'
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'
import { usePreferences } from './preferences-context'

/** A thing on a page that a question may be about; always visible as a chip, so the agent is given nothing hidden. */
export type ChatContextChip = { kind: string; id: string; label: string }

type ChatDock = {
  open: boolean
  threadId: string | null
  draft: { text: string; key: number } | null
  chips: ChatContextChip[]
  setOpen: (open: boolean) => void
  openThread: (threadId: string | null) => void
  /** Opens chat with words in the composer, not sent: the person sends. */
  ask: (text: string, chips?: ChatContextChip[]) => void
  removeChip: (chip: ChatContextChip) => void
  clearChips: () => void
  focusComposer: () => void
}

const Context = createContext<ChatDock | null>(null)
export const COMPOSER_ID = 'chat-composer'

const sameChip = (a: ChatContextChip, b: ChatContextChip): boolean => a.kind === b.kind && a.id === b.id

/** Lives in the layout above all pages: moving between pages neither closes the chat nor cancels what runs. */
export function ChatDockProvider({ children }: { children: ReactNode }) {
  const { preferences, update } = usePreferences()
  const [threadId, setThreadId] = useState<string | null>(null)
  const [draft, setDraft] = useState<ChatDock['draft']>(null)
  const [chips, setChips] = useState<ChatContextChip[]>([])
  const open = preferences.chatOpen

  const setOpen = useCallback((next: boolean) => update({ chatOpen: next }), [update])
  const focusComposer = useCallback(() => {
    setOpen(true)
    // The pane may be mounting; the composer takes focus as soon as it is there.
    const tryFocus = (attempts: number) => {
      const composer = document.getElementById(COMPOSER_ID)
      if (composer) composer.focus()
      else if (attempts > 0) requestAnimationFrame(() => tryFocus(attempts - 1))
    }
    tryFocus(60)
  }, [setOpen])
  const ask = useCallback(
    (text: string, more: ChatContextChip[] = []) => {
      setDraft((current) => ({ text, key: (current?.key ?? 0) + 1 }))
      setChips((current) => [...current, ...more.filter((chip) => !current.some((have) => sameChip(have, chip)))])
      focusComposer()
    },
    [focusComposer],
  )
  const value = useMemo<ChatDock>(
    () => ({
      open,
      threadId,
      draft,
      chips,
      setOpen,
      ask,
      focusComposer,
      openThread: (next) => {
        setThreadId(next)
        setOpen(true)
      },
      removeChip: (chip) => setChips((current) => current.filter((have) => !sameChip(have, chip))),
      clearChips: () => setChips([]),
    }),
    [open, threadId, draft, chips, setOpen, ask, focusComposer],
  )
  return <Context value={value}>{children}</Context>
}

export function useChatDock(): ChatDock {
  const value = use(Context)
  if (!value) throw new Error('useChatDock is only for pages inside the shell.')
  return value
}
