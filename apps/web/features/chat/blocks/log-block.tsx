import { formatTimeOfDay } from '@/ui/format'
import { CodeBlock } from '@/ui/disclosure'
import type { BlockOf } from './block-of'

/** Lines as the machine wrote them, inert. */
export function LogBlock({ block }: { block: BlockOf<'log-excerpt'> }) {
  if (block.lines.length === 0) return <p className="text-muted">No lines in this window.</p>
  return (
    <>
      <CodeBlock label={block.title} className="max-h-64 overflow-y-auto">
        {block.lines.map((line, index) => (
          <span
            key={index}
            className={`block ${line.level === 'error' || line.stream === 'stderr' ? 'text-crit' : line.level === 'warn' ? 'text-warn' : ''}`}
          >
            <span className="text-muted" suppressHydrationWarning>
              {formatTimeOfDay(line.at, { seconds: true })}{' '}
            </span>
            {line.text}
          </span>
        ))}
      </CodeBlock>
      {block.dropped > 0 ? (
        <p className="mt-1 text-sm text-warn">
          ▲ {block.dropped.toLocaleString('en')} lines were dropped in this window.
        </p>
      ) : null}
    </>
  )
}
