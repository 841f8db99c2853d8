import { ClockTime } from '@/ui/clock'
import { BlockLink } from './block-link'
import type { BlockOf } from './block-of'
import { ToneMark } from './block-tone'

/** What happened, in order. A machine's own words are marked as such. */
export function TimelineBlock({ block }: { block: BlockOf<'timeline'> }) {
  if (block.entries.length === 0) return <p className="text-muted">Nothing happened in this window.</p>
  return (
    <>
      <ol className="m-0 list-none border-l border-line p-0">
        {block.entries.map((entry, index) => (
          <li key={index} className="grid grid-cols-[auto_1fr] gap-x-2 py-0.5 pl-2.5">
            <span className="text-xs leading-5 text-muted">
              <ClockTime value={entry.at} seconds />
            </span>
            <span className="min-w-0 break-words">
              <ToneMark tone={entry.tone} /> <BlockLink href={entry.href}>{entry.label}</BlockLink>
              {entry.detail ? (
                <span className={`block text-sm text-muted ${entry.untrusted ? 'font-mono text-xs' : ''}`}>
                  {entry.untrusted ? <span className="sr-only">The machine wrote: </span> : null}
                  {entry.detail}
                </span>
              ) : null}
            </span>
          </li>
        ))}
      </ol>
      {block.more > 0 ? <p className="mt-1 text-sm text-muted">{block.more} more not shown.</p> : null}
    </>
  )
}
