'use client'
import { type FormEvent, useRef, useState } from 'react'
import { serverNow } from '@/ui/clock'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { formatAbsolute } from '@/ui/format'
import { formText } from '@/ui/form-text'
import { latestSnooze, localInputValue, snoozeTimes, whyNotUntil } from './snooze-times'

type SnoozeDialogProps = {
  label: string
  expiresAtMs: number
  onSnooze: (untilMs: number) => void
  onClose: () => void
}

/** Until when a plan is out of the way: a time at which it can still be decided. */
export function SnoozeDialog({ label, expiresAtMs, onSnooze, onClose }: SnoozeDialogProps) {
  const [nowMs] = useState(serverNow)
  const [error, setError] = useState<string | null>(null)
  const first = useRef<HTMLButtonElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const times = snoozeTimes(nowMs, expiresAtMs)
  const latestMs = latestSnooze(expiresAtMs)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const untilMs = new Date(formText(new FormData(event.currentTarget), 'until')).getTime()
    const refusal = whyNotUntil(untilMs, serverNow(), expiresAtMs)
    if (refusal) setError(refusal)
    else onSnooze(untilMs)
  }
  const possible = latestMs > nowMs
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Snooze ${label}`}
      description={
        possible
          ? `It leaves your list until then. Others still see it, and it expires ${formatAbsolute(new Date(expiresAtMs), nowMs)}.`
          : 'It expires in a few minutes: there is no time left to come back to it.'
      }
      initialFocus={() => first.current ?? form.current?.querySelector('input') ?? null}
    >
      {possible ? (
        <div className="grid gap-4">
          <div role="group" aria-label="Until" className="flex flex-wrap gap-2 empty:hidden">
            {times.map(({ label: words, untilMs }, index) => (
              <Button key={words} ref={index === 0 ? first : undefined} onClick={() => onSnooze(untilMs)}>
                {words}
              </Button>
            ))}
          </div>
          <form ref={form} onSubmit={submit} noValidate className="flex flex-wrap items-end gap-2">
            <TextField
              label="Until another time"
              name="until"
              type="datetime-local"
              min={localInputValue(nowMs)}
              max={localInputValue(latestMs)}
              defaultValue={localInputValue(Math.min(nowMs + 2 * 3_600_000, latestMs))}
              error={error}
              required
            />
            <Button type="submit">Snooze</Button>
          </form>
        </div>
      ) : null}
    </Dialog>
  )
}
