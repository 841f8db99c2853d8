'use client'
import { Button } from '@/ui/button'
import { InlineError } from '@/ui/inline-error'
import type { Outgoing } from './use-send'

/** What the person has just sent, until the conversation has it; what could not be sent stays with its words. */
export function OutgoingMessage({
  message,
  onRetry,
  onTakeBack,
}: {
  message: Outgoing
  onRetry: () => void
  onTakeBack: () => void
}) {
  return (
    <div className="mb-4">
      <p>
        <strong>You</strong>{' '}
        <span className="late text-xs text-muted">{message.state === 'sending' ? 'sending…' : ''}</span>
      </p>
      <p className="break-words whitespace-pre-wrap">{message.text}</p>
      {message.state === 'failed' ? (
        <InlineError
          className="mt-1"
          title="This message was not sent"
          detail={message.error}
          onRetry={onRetry}
          extraAction={
            <Button size="sm" onClick={onTakeBack}>
              Take back
            </Button>
          }
        />
      ) : null}
    </div>
  )
}
