'use client'
import { useState, type FormEvent, type KeyboardEvent } from 'react'
import { Button } from '@/ui/button'
import { TextAreaField } from '@/ui/field'

const REASONS = ['Wrong target', 'Wrong time', 'Too costly', 'Not needed']

/** The reason is optional; it goes back to the agent as feedback. */
export function RejectForm({ onReject, onCancel }: { onReject: (reason: string) => void; onCancel: () => void }) {
  const [picked, setPicked] = useState<string[]>([])
  const [text, setText] = useState('')
  const toggle = (reason: string) =>
    setPicked((current) =>
      current.includes(reason) ? current.filter((item) => item !== reason) : [...current, reason],
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onReject([...picked, text.trim()].filter(Boolean).join('. '))
  }
  const sendByKey = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.repeat) return
    event.preventDefault()
    event.currentTarget.requestSubmit()
  }
  return (
    <form
      onSubmit={submit}
      onKeyDown={sendByKey}
      className="mt-3 grid gap-2 border-t border-line pt-3"
      aria-label="Reject this plan"
    >
      <div role="group" aria-label="Reason" className="flex flex-wrap gap-2">
        {REASONS.map((reason) => (
          <Button
            key={reason}
            size="sm"
            aria-pressed={picked.includes(reason)}
            onClick={() => toggle(reason)}
            className="aria-pressed:border-info aria-pressed:bg-info-tint"
          >
            {reason}
          </Button>
        ))}
      </div>
      <TextAreaField
        label="Anything the agent should know (optional)"
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={500}
        rows={2}
        autoFocus
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="danger">
          Reject plan
        </Button>
        <Button onClick={onCancel}>Back</Button>
      </div>
    </form>
  )
}
