'use client'
import { looksSecret } from '@clawbernetes/domain/chat/looks-secret'
import { useQueryClient } from '@tanstack/react-query'
import { ArrowUp, Square } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRef, useState, type ClipboardEvent, type FormEvent, type KeyboardEvent } from 'react'
import { useConnection } from '@/features/live/use-live'
import { COMPOSER_ID } from '@/features/shell/chat-dock'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { formatBytes } from '@/ui/format'
import { COMPOSER_NOTE_ID, ComposerNotes } from './composer-notes'
import type { Suggestion, SuggestKeys } from './composer-suggest'
import { completed, completionAt, withoutCommand } from './suggest'
import { useDraft } from './use-draft'
import { whenReachable } from '@/ui/when-reachable'

const ComposerSuggest = dynamic(
  whenReachable(() => import('./composer-suggest').then((module) => module.ComposerSuggest)),
  {
    ssr: false,
  },
)

/** Longer than any instruction; a pasted log of this size belongs in a file. The server refuses more as well. */
export const MAX_MESSAGE_CHARS = 20_000

type ComposerProps = {
  threadId: string | null
  /** Words put here from elsewhere (a page, the palette), to be sent by the person. */
  seed: string | null
  onSeedTaken: () => void
  busy: boolean
  running: boolean
  lastSent: string | null
  /** Answers to the question that is open; their number alone is an answer. */
  options: readonly { label: string; send: string }[]
  onSend: (text: string) => void
  onStop: () => void
  stopNote: string | null
}

/** What stands in the way of sending, and the press that sends. */
function useComposer(props: ComposerProps) {
  const skillNames = useKnownSkills()
  const { text, setText, area } = useDraft(props.threadId, props.seed, props.onSeedTaken)
  const offline = useConnection().state === 'offline'
  const [refused, setRefused] = useState<string | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const tooManyChars = Math.max(0, text.length - MAX_MESSAGE_CHARS)
  const maySend = text.trim() !== '' && !props.busy && !offline && tooManyChars === 0

  const change = (next: string) => {
    setText(next)
    setRefused(null)
    if (secret && looksSecret(next) === null) setSecret(null)
  }
  const send = (checked: boolean) => {
    if (!maySend) return
    const found = checked ? null : looksSecret(text)
    if (found) return setSecret(found)
    setSecret(null)
    setText('')
    props.onSend(answered(withoutCommand(text.trim(), skillNames()), props.options))
  }
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const pasted = event.clipboardData.getData('text')
    if (pasted.length > MAX_MESSAGE_CHARS) {
      event.preventDefault()
      setRefused(
        `That was ${formatBytes(pasted.length)} of text; a message holds ${MAX_MESSAGE_CHARS.toLocaleString('en')} characters. Put it into a file on a node and name its path.`,
      )
      return
    }
    const found = looksSecret(pasted)
    if (found) setSecret(found)
  }
  const clear = () => {
    change('')
    area.current?.focus()
  }
  return { text, change, area, offline, refused, secret, tooManyChars, maySend, send, onPaste, clear }
}

/** The skills that the list under `/` has shown; who never opened it typed no command. */
function useKnownSkills(): () => string[] {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return () => (queryClient.getQueryData(trpc.chat.skills.queryKey()) ?? []).map((skill) => skill.name)
}

/** "2" answers an open question with its second option. */
function answered(text: string, options: ComposerProps['options']): string {
  const option = /^[1-9]$/.test(text) ? options[Number(text) - 1] : undefined
  return option?.send ?? text
}

/** What is being completed at the caret, and what a pick makes of the words. */
function useCompletion({ text, change, area }: ReturnType<typeof useComposer>) {
  const [caret, setCaret] = useState(0)
  const [closedAt, setClosedAt] = useState<string | null>(null)
  const [activeOption, setActiveOption] = useState<string | null>(null)
  const found = completionAt(text, caret)
  const completion = found && closedAt !== text ? found : null
  const pick = (suggestion: Suggestion) => {
    if (!completion) return
    const name = completion.kind === 'skill' ? `/${suggestion.name}` : suggestion.name
    const next = suggestion.whole
      ? { text: suggestion.name, caret: suggestion.name.length }
      : completed(text, completion, name)
    // A skill that is picked stays open without the space: its sentences come next.
    const skill = completion.kind === 'skill' && !suggestion.whole && completion.typed !== suggestion.name
    const value = skill ? next.text.trimEnd() : next.text
    change(value)
    setCaret(skill ? value.length : next.caret)
    requestAnimationFrame(() => area.current?.setSelectionRange(next.caret, next.caret))
  }
  return { completion, pick, setCaret, activeOption, setActiveOption, close: () => setClosedAt(text) }
}

/** Enter sends, Shift Enter breaks the line, ↑ in an empty field brings back what was last written, / and @ complete. */
export function Composer(props: ComposerProps) {
  const composer = useComposer(props)
  const { text, area, change, send } = composer
  const { completion, pick, setCaret, activeOption, setActiveOption, close } = useCompletion(composer)
  const suggestKeys = useRef<SuggestKeys>(null)
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (completion && !event.shiftKey && suggestKeys.current?.key(event.key)) return event.preventDefault()
    if (event.key === 'Enter' && !event.shiftKey && !event.repeat) {
      event.preventDefault()
      send(false)
    }
    if (event.key === 'ArrowUp' && text === '' && props.lastSent) {
      event.preventDefault()
      change(props.lastSent)
    }
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    send(false)
  }
  return (
    <form onSubmit={onSubmit} className="relative grid gap-1.5">
      <label htmlFor={COMPOSER_ID} className="sr-only">
        Message the agent
      </label>
      {completion ? (
        <ComposerSuggest
          completion={completion}
          keys={suggestKeys}
          onPick={pick}
          onClose={close}
          onActive={setActiveOption}
        />
      ) : null}
      <div className="flex items-end gap-2">
        <textarea
          ref={area}
          id={COMPOSER_ID}
          rows={1}
          value={text}
          onChange={(event) => {
            change(event.target.value)
            setCaret(event.target.selectionStart)
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={composer.onPaste}
          placeholder="Ask or instruct…"
          aria-describedby={COMPOSER_NOTE_ID}
          aria-invalid={composer.tooManyChars > 0 || undefined}
          aria-autocomplete="list"
          aria-activedescendant={activeOption ?? undefined}
          className="min-h-10 min-w-0 flex-1 resize-none rounded-md border border-control bg-bg px-2.5 py-2 text-base max-desk:min-h-11"
        />
        <ComposerButtons running={props.running} onStop={props.onStop} maySend={composer.maySend} />
      </div>
      <ComposerNotes
        offline={composer.offline}
        tooManyChars={composer.tooManyChars}
        refused={composer.refused}
        secret={composer.secret}
        onSendAnyway={() => send(true)}
        onClear={composer.clear}
        stopNote={props.stopNote}
      />
    </form>
  )
}

function ComposerButtons({ running, onStop, maySend }: { running: boolean; onStop: () => void; maySend: boolean }) {
  return (
    <>
      {running ? (
        <Button size="icon" className="size-10" onClick={onStop} aria-label="Stop">
          <Square aria-hidden="true" className="size-3.5 fill-current" />
        </Button>
      ) : null}
      <Button
        type="submit"
        variant="primary"
        size="icon"
        className="size-10"
        aria-label="Send"
        aria-disabled={!maySend}
      >
        <ArrowUp aria-hidden="true" className="size-4" />
      </Button>
    </>
  )
}
