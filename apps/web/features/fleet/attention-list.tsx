'use client'
import type { AttentionItem } from '@clawbernetes/protocol/views/fleet'
import { useState } from 'react'
import { useChatDock } from '@/features/shell/chat-dock'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { RowLink } from '@/ui/row-link'
import { StatusPill } from '@/ui/status-pill'
import { SEVERITY } from './node-state'

/** The worst come first; the rest is one press away. */
const SHOWN = 6

/** What somebody should look at, worst first. Each line leads to where its evidence is. */
export function AttentionList({ items, total }: { items: readonly AttentionItem[]; total: number }) {
  const { ask } = useChatDock()
  const [all, setAll] = useState(false)
  const shown = all ? items : items.slice(0, SHOWN)
  return (
    <Card
      title={<span id="attention">Needs attention</span>}
      note={total > shown.length ? `${shown.length} of ${total}` : String(total)}
      actions={
        items.length > SHOWN ? (
          <Button size="sm" variant="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show ${items.length}`}
          </Button>
        ) : null
      }
      bodyClassName="p-0"
    >
      {items.length === 0 ? (
        <p className="px-3 py-3 text-muted">Nothing: every node reports and no finding is open.</p>
      ) : (
        <ul className="m-0 list-none divide-y divide-line p-0">
          {shown.map((item) => (
            <li key={item.key} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
              <StatusPill tone={SEVERITY[item.severity].tone}>{SEVERITY[item.severity].word}</StatusPill>
              <div className="min-w-0 flex-1 max-desk:basis-full">
                <RowLink href={hrefOf(item)} className="link font-semibold">
                  {item.nodeName}
                  {item.gpuIndex === null ? '' : ` GPU ${item.gpuIndex}`}
                </RowLink>{' '}
                {item.title}
                <p className="text-sm text-muted">
                  {item.detail}
                  {item.detail ? ' · ' : ''}since <RelativeTime value={item.sinceMs} />
                </p>
              </div>
              <Button
                size="sm"
                onClick={() =>
                  ask(
                    `${item.nodeName}${item.gpuIndex === null ? '' : ` GPU ${item.gpuIndex}`}: ${item.title}. What should I do?`,
                    [{ kind: 'node', id: item.nodeName, label: item.nodeName }],
                  )
                }
              >
                Ask about this
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

const hrefOf = (item: AttentionItem): string =>
  item.gpuId ? `/gpus?gpu=${item.gpuId}` : `/nodes/${item.nodeId}${item.findingId ? '#findings' : ''}`
