'use client'
import type { MessageView } from '@clawbernetes/protocol/views/chat'
import { memo } from 'react'
import { Badge } from '@/ui/badge'
import { Button } from '@/ui/button'
import { ClockTime } from '@/ui/clock'
import { formatDuration, formatPlural } from '@/ui/format'
import { Spinner } from '@/ui/spinner'
import { channelName } from './channel-name'
import { BlockView } from './blocks/block-view'
import { useStreamedText } from './stream-store'
import { contextWords } from './context-words'
import { plannerName } from './planner-name'
import { LazyMarkdown } from './lazy-markdown'
import { ToolTrace } from './tool-trace'

function Author({ message }: { message: MessageView }) {
  const facts = [
    message.toolCalls.length > 0 ? formatPlural(message.toolCalls.length, 'step') : null,
    message.durationMs === null ? null : formatDuration(message.durationMs),
    plannerName(message.planner),
  ]
  const channel = channelName(message.channel)
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      {message.role === 'agent' ? (
        <strong className="text-agent">
          <span aria-hidden="true">✦ </span>Agent
        </strong>
      ) : (
        <strong>{message.author?.name ?? 'Someone'}</strong>
      )}
      <span className="text-xs text-muted">
        <ClockTime value={message.createdAt} />
        {facts.filter(Boolean).map((fact) => ` · ${fact}`)}
      </span>
      {channel ? <Badge>{channel}</Badge> : null}
    </p>
  )
}

function Ending({ message, onRetry }: { message: MessageView; onRetry?: () => void }) {
  if (message.state === 'stopped') return <p className="text-sm text-muted">Stopped.</p>
  if (message.state !== 'failed') return null
  return (
    <div className="mt-1 text-crit">
      <p>◆ {message.error ?? 'The answer could not be finished.'}</p>
      {onRetry ? (
        <Button size="sm" className="mt-1" onClick={onRetry}>
          Retry
        </Button>
      ) : null}
    </div>
  )
}

/** What went along with a person's message: nothing that the agent got is hidden. */
function SentAlong({ message }: { message: MessageView }) {
  const words = contextWords(message.context ?? null)
  return words === null ? null : <p className="text-xs text-muted">With {words}</p>
}

type ChatMessageProps = {
  message: MessageView
  isLast: boolean
  /** The next words of a person after this message: the answer to its question, or the conversation going on. */
  nextWords: string | null
  /** Answers the question at this place in the message. */
  onAnswer: (messageId: string, blockIndex: number, text: string) => void
  onHole: () => void
  onRetry?: () => void
}

export const ChatMessage = memo(function ChatMessage(props: ChatMessageProps) {
  const { message, isLast, nextWords, onAnswer, onHole, onRetry } = props
  const text = useStreamedText(message, onHole)
  const streaming = message.state === 'streaming'
  const mine = message.role === 'user'
  return (
    <article aria-busy={streaming || undefined} className="mb-4 min-w-0">
      <Author message={message} />
      <ToolTrace calls={message.toolCalls} />
      {mine ? (
        <>
          <p className="break-words whitespace-pre-wrap">{text}</p>
          <SentAlong message={message} />
        </>
      ) : (
        <LazyMarkdown text={text} streaming={streaming} />
      )}
      {message.blocks.map((block, index) => (
        <BlockView
          key={index}
          block={block}
          choice={{
            said: text,
            answer: nextWords,
            onAnswer: nextWords === null ? (words) => onAnswer(message.id, index, words) : undefined,
          }}
        />
      ))}
      {streaming && text === '' ? (
        <p className="flex items-center gap-2 text-muted">
          <Spinner />
          Working…
        </p>
      ) : null}
      <Ending message={message} onRetry={isLast ? onRetry : undefined} />
    </article>
  )
})
