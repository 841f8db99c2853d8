'use client'
import { Button } from '@/ui/button'

export const COMPOSER_NOTE_ID = 'composer-note'

type ComposerNotesProps = {
  offline: boolean
  tooManyChars: number
  /** A paste that was not taken, in words. */
  refused: string | null
  /** What the words seem to hold. */
  secret: string | null
  onSendAnyway: () => void
  onClear: () => void
  stopNote: string | null
}

/** Why something does not go, or what to know before it does. One thing at a time, the most urgent first. */
export function ComposerNotes(props: ComposerNotesProps) {
  if (props.secret) return <SecretNote {...props} what={props.secret} />
  const note = noteOf(props)
  return (
    <p
      id={COMPOSER_NOTE_ID}
      role="status"
      className={`text-xs empty:hidden ${note?.urgent ? 'text-warn' : 'text-muted'}`}
    >
      {note ? `${note.urgent ? '▲ ' : ''}${note.text}` : null}
    </p>
  )
}

function noteOf(props: ComposerNotesProps): { text: string; urgent: boolean } | null {
  if (props.offline)
    return { text: 'You are offline. Your words are kept here; send them when you are back.', urgent: true }
  if (props.refused) return { text: props.refused, urgent: true }
  if (props.tooManyChars > 0)
    return {
      text: `Too long by ${props.tooManyChars.toLocaleString('en')} characters. Put logs into a file and name its path.`,
      urgent: true,
    }
  return props.stopNote ? { text: props.stopNote, urgent: false } : null
}

function SecretNote({ what, onSendAnyway, onClear }: ComposerNotesProps & { what: string }) {
  return (
    <div
      id={COMPOSER_NOTE_ID}
      role="alert"
      className="grid gap-1.5 rounded-sm bg-warn-tint px-2 py-1.5 text-sm text-warn"
    >
      <p>
        ▲ This looks like it holds {what}. Messages are stored and everyone in the organisation can read them. Ask the
        agent to store a secret instead: its value goes into a field of its own.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={onClear}>
          Take it out
        </Button>
        <Button size="sm" variant="ghost" onClick={onSendAnyway}>
          It is no secret, send
        </Button>
      </div>
    </div>
  )
}
