import type { ChannelMessage, ChannelPart } from '@clawbernetes/domain/channels/channel-message'
import { cn } from '@/ui/cn'
import { formatAbsolute } from '@/ui/format'

const EDGE: Record<ChannelMessage['tone'], string> = {
  waiting: 'border-l-warn',
  busy: 'border-l-info',
  good: 'border-l-ok',
  bad: 'border-l-crit',
  quiet: 'border-l-line',
}

/** A message for a channel, drawn from the same parts as the real one. Its buttons are a picture. */
export function CardPreview({ message }: { message: ChannelMessage }) {
  return (
    <div
      role="img"
      aria-label={`Preview: ${message.summary}`}
      className={cn(
        'grid max-w-[560px] gap-2 rounded-md border border-l-4 border-line bg-bg px-3 py-2',
        EDGE[message.tone],
      )}
    >
      {message.title ? <p className="font-semibold">{message.title}</p> : null}
      {message.parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </div>
  )
}

function Part({ part }: { part: ChannelPart }) {
  if (part.kind === 'facts')
    return (
      <div className="grid grid-cols-2 gap-x-3 gap-y-1 max-desk:grid-cols-1">
        {part.items.map((fact) => (
          <div key={fact.label} className="min-w-0">
            <div className="text-xs text-muted">{fact.label}</div>
            <div className="break-words">
              {typeof fact.value === 'string'
                ? fact.value
                : formatAbsolute(new Date(fact.value.atMs).toISOString(), fact.value.atMs)}
            </div>
          </div>
        ))}
      </div>
    )
  if (part.kind === 'buttons')
    return (
      <div className="flex flex-wrap gap-2">
        {part.items.map((button) => (
          <span
            key={button.label}
            className={cn(
              'rounded-md border px-3 py-1 text-sm',
              button.style === 'primary'
                ? 'border-ok text-ok'
                : button.style === 'danger'
                  ? 'border-crit text-crit'
                  : 'border-control',
            )}
          >
            {button.label}
          </span>
        ))}
      </div>
    )
  if (part.kind === 'code') return <pre className="overflow-x-auto font-mono text-xs">{part.text}</pre>
  return (
    <p className={cn('break-words whitespace-pre-line', part.kind === 'note' && 'text-sm text-muted')}>{part.text}</p>
  )
}
