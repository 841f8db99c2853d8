'use client'
import { ArrowUp, Square } from 'lucide-react'
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { COMPOSER_ID } from '@/features/shell/chat-dock'
import { useConnection } from '@/features/live/use-live'
import { Button } from '@/ui/button'

/** Longer than any instruction; a pasted log of this size belongs in a file. The server refuses more as well. */
export const MAX_MESSAGE_CHARS = 20_000
const MAX_ROWS_PX = 200

const draftKey = (threadId: string | null): string => `cb.draft.${threadId ?? 'new'}`

function readDraft(threadId: string | null): string {
  try {
    return localStorage.getItem(draftKey(threadId)) ?? ''
  } catch {
    return ''
  }
}

function writeDraft(threadId: string | null, text: string): void {
  try {
    if (text) localStorage.setItem(draftKey(threadId), text)
    else localStorage.removeItem(draftKey(threadId))
  } catch {
    // A browser without storage keeps the draft for as long as the page lives.
  }
}

type ComposerProps = {
  threadId: string | null
  /** Words put here from elsewhere (a page, the palette), to be sent by the person. */
  seed: string | null
  onSeedTaken: () => void
  busy: boolean
  running: boolean
  lastSent: string | null
  onSend: (text: string) => void
  onStop: () => void
  stopNote: string | null
}

function useDraft(threadId: string | null, seed: string | null, onSeedTaken: () => void) {
  const [text, setText] = useState(() => seed ?? readDraft(threadId))
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    writeDraft(threadId, text)
    onSeedTaken()
  }, [threadId, text, onSeedTaken])
  useEffect(() => {
    const box = area.current
    if (!box) return
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight, MAX_ROWS_PX)}px`
  }, [text])
  return { text, setText, area }
}

function note(offline: boolean, tooManyChars: number, stopNote: string | null): string | null {
  if (offline) return 'You are offline. Your words are kept here.'
  if (tooManyChars > 0)
    return `Too long by ${tooManyChars.toLocaleString('en')} characters. Put logs into a file and name its path.`
  return stopNote
}

/** Enter sends, Shift Enter breaks the line, ↑ in an empty field brings back what was last written. */
export function Composer(props: ComposerProps) {
  const { text, setText, area } = useDraft(props.threadId, props.seed, props.onSeedTaken)
  const offline = useConnection().state === 'offline'
  const tooManyChars = Math.max(0, text.length - MAX_MESSAGE_CHARS)
  const maySend = text.trim() !== '' && !props.busy && !offline && tooManyChars === 0

  const submit = () => {
    if (!maySend) return
    setText('')
    props.onSend(text.trim())
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey && !event.repeat) {
      event.preventDefault()
      submit()
    }
    if (event.key === 'ArrowUp' && text === '' && props.lastSent) {
      event.preventDefault()
      setText(props.lastSent)
    }
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    submit()
  }
  return (
    <form onSubmit={onSubmit} className="grid gap-1.5">
      <label htmlFor={COMPOSER_ID} className="sr-only">
        Message the agent
      </label>
      <div className="flex items-end gap-2">
        <textarea
          ref={area}
          id={COMPOSER_ID}
          rows={1}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="Ask or instruct…"
          aria-describedby="composer-note"
          aria-invalid={tooManyChars > 0 || undefined}
          className="min-h-10 flex-1 resize-none rounded-md border border-control bg-bg px-2.5 py-2 text-base max-desk:min-h-11"
        />
        {props.running ? (
          <Button size="icon" className="size-10" onClick={props.onStop} aria-label="Stop">
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
      </div>
      <p id="composer-note" className="text-xs text-muted empty:hidden">
        {note(offline, tooManyChars, props.stopNote)}
      </p>
    </form>
  )
}
