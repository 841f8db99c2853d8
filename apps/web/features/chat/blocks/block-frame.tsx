'use client'
import type { ReactNode } from 'react'
import { ClockTime } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import { internalHref } from '@/ui/internal-href'
import { RowLink } from '@/ui/row-link'
import { StatusPill } from '@/ui/status-pill'

export type BlockMeta = { title: string; at: string; source: string | null; href: string | null; demo: boolean }

/** A group, not a landmark: a conversation may hold ten tables of one name. Title, when it was read, where from, and the page that shows the same. History is never rewritten: it stays as of then. */
export function BlockFrame({ meta, copyText, children }: { meta: BlockMeta; copyText?: string; children: ReactNode }) {
  const href = internalHref(meta.href)
  return (
    <div role="group" aria-label={meta.title} className="panel my-2 min-w-0">
      <header className="flex flex-wrap items-center gap-x-2 border-b border-line px-2.5 py-1.5">
        <h2 className="min-w-0 text-sm font-semibold break-words">{meta.title}</h2>
        <span className="text-xs text-muted">
          as of <ClockTime value={meta.at} seconds />
        </span>
        {meta.demo ? (
          <StatusPill tone="agent" shape="◇">
            Demo
          </StatusPill>
        ) : null}
        <span className="ml-auto flex items-center gap-1">
          {copyText ? <CopyButton iconOnly text={copyText} label={`Copy ${meta.title}`} /> : null}
          {href ? (
            <RowLink href={href} className="link text-sm whitespace-nowrap">
              Open<span className="sr-only"> {meta.title}</span> <span aria-hidden="true">↗</span>
            </RowLink>
          ) : null}
        </span>
      </header>
      <div className="min-w-0 px-2.5 py-2">{children}</div>
      {meta.source ? <p className="px-2.5 pb-2 text-xs text-muted">Source: {meta.source}</p> : null}
    </div>
  )
}
