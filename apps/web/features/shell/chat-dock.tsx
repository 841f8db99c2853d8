'use client'
import { useRouter } from 'next/navigation'
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import { useSession } from '@/features/identity/session'
import { usePreferences } from './preferences-context'

/** A thing on a page that a question may be about; always visible as a chip, so the agent is given nothing hidden. */
export type ChatContextChip = {
  kind: string
  id: string
  label: string
  /** A chip that stands for several things, as they were selected. */
  items?: string[]
}

type ChatDock = {
  open: boolean
  threadId: string | null
  /** Words for the composer, and a number that grows with each, so that the composer starts anew with them. */
  draft: { text: string | null; key: number }
  clearDraft: () => void
  chips: ChatContextChip[]
  /** What the page in view is about; the page says it with useChatSubject. */
  ambient: ChatContextChip[]
  setOpen: (open: boolean) => void
  openThread: (threadId: string | null) => void
  /** Opens chat with words in the composer, not sent: the person sends. */
  ask: (text: string, chips?: ChatContextChip[]) => void
  askAboutChart: (title: string, sentence: string) => void
  removeChip: (chip: ChatContextChip) => void
  clearChips: () => void
  setAmbient: (chips: ChatContextChip[]) => void
  /** Makes a thread the pane's one without opening the pane. */
  rememberThread: (threadId: string) => void
  focusComposer: () => void
}

const Context = createContext<ChatDock | null>(null)
const NO_CHANGES = () => () => {}
/** About five seconds: the chat's code may still be on its way. */
const FOCUS_FRAMES = 300
export const COMPOSER_ID = 'chat-composer'

const sameChip = (a: ChatContextChip, b: ChatContextChip): boolean => a.kind === b.kind && a.id === b.id

/** The conversation of this tab: a reload in the middle of an answer comes back to it. */
function useRememberedThread(): [string | null, (threadId: string | null) => void] {
  const storageKey = `cb.thread.${useSession().organization.id}`
  const stored = useSyncExternalStore(
    NO_CHANGES,
    () => sessionStorage.getItem(storageKey),
    () => null,
  )
  const [chosen, setChosen] = useState<{ threadId: string | null } | null>(null)
  const choose = useCallback(
    (threadId: string | null) => {
      if (threadId === null) sessionStorage.removeItem(storageKey)
      else sessionStorage.setItem(storageKey, threadId)
      setChosen({ threadId })
    },
    [storageKey],
  )
  return [chosen === null ? stored : chosen.threadId, choose]
}

/** Lives in the layout above all pages: moving between pages neither closes the chat nor cancels what runs. */
export function ChatDockProvider({ children }: { children: ReactNode }) {
  const { preferences, update } = usePreferences()
  const router = useRouter()
  const [threadId, setThreadId] = useRememberedThread()
  const [draft, setDraft] = useState<ChatDock['draft']>({ text: null, key: 0 })
  const [chips, setChips] = useState<ChatContextChip[]>([])
  const [ambient, setAmbient] = useState<ChatContextChip[]>([])
  const open = preferences.chatOpen

  const clearDraft = useCallback(
    () => setDraft((current) => (current.text === null ? current : { ...current, text: null })),
    [],
  )
  const setOpen = useCallback((next: boolean) => update({ chatOpen: next }), [update])
  const focusComposer = useCallback(() => {
    // Phones have no docked pane: there, chat is a page.
    if (window.matchMedia('(max-width: 820px)').matches) router.push('/chat')
    else setOpen(true)
    // The pane may be mounting; the composer takes focus as soon as it is there.
    const tryFocus = (attempts: number) => {
      const composer = document.getElementById(COMPOSER_ID)
      if (composer) composer.focus()
      else if (attempts > 0) requestAnimationFrame(() => tryFocus(attempts - 1))
    }
    requestAnimationFrame(() => tryFocus(FOCUS_FRAMES))
  }, [setOpen, router])
  const ask = useCallback(
    (text: string, more: ChatContextChip[] = []) => {
      setDraft((current) => ({ text, key: current.key + 1 }))
      setChips((current) => [...current, ...more.filter((chip) => !current.some((have) => sameChip(have, chip)))])
      focusComposer()
    },
    [focusComposer],
  )
  const askAboutChart = useCallback(
    (title: string, sentence: string) =>
      ask(`What does the chart ${title} say?`, [
        { kind: 'chart', id: title, label: `chart: ${title}`, items: [sentence] },
      ]),
    [ask],
  )
  const value = useMemo<ChatDock>(
    () => ({
      open,
      threadId,
      draft,
      clearDraft,
      chips,
      ambient,
      setAmbient,
      rememberThread: setThreadId,
      setOpen,
      ask,
      askAboutChart,
      focusComposer,
      openThread: (next) => {
        setThreadId(next)
        setOpen(true)
      },
      removeChip: (chip) => {
        const others = (current: ChatContextChip[]) => current.filter((have) => !sameChip(have, chip))
        setChips(others)
        setAmbient(others)
      },
      clearChips: () => setChips((known) => (known.length === 0 ? known : [])),
    }),
    [open, threadId, setThreadId, draft, clearDraft, chips, ambient, setOpen, ask, askAboutChart, focusComposer],
  )
  return <Context value={value}>{children}</Context>
}

export function useChatDock(): ChatDock {
  const value = use(Context)
  if (!value) throw new Error('useChatDock is only for pages inside the shell.')
  return value
}

/** Says what the page is about, as a chip in the composer while the page is open. */
export function useChatSubject(kind: string, id: string | null, label: string): void {
  const { setAmbient } = useChatDock()
  useEffect(() => {
    if (id === null) return
    setAmbient([{ kind, id, label }])
    return () => setAmbient([])
  }, [kind, id, label, setAmbient])
}
