'use client'
import type { LogEntry } from '@clawbernetes/protocol/views/workload-log'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type RefObject } from 'react'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { formatTimeOfDay } from '@/ui/format'
import { TONE_SHAPE } from '@/ui/status-pill'

type LogViewProps = {
  label: string
  lines: readonly LogEntry[]
  wrap: boolean
  timestamps: 'local' | 'utc' | 'off'
  showReplica: boolean
  following: boolean
  onFollow: (following: boolean) => void
  unseen: number
  hasOlder: boolean
  loadingOlder: boolean
  onReadOlder: () => void
  /** Lines that a find hits, and the one it stands at. */
  hits: ReadonlySet<number>
  current: number | null
}

const LINE_PX = 18
/** This close to the end counts as being there. */
const NEAR_PX = 30

export function LogView(props: LogViewProps) {
  'use no memo'
  const { lines, following, onFollow, hasOlder, loadingOlder, onReadOlder, current } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => lines[index]?.cursor ?? index,
    overscan: 30,
  })
  const total = virtualizer.getTotalSize()

  const onScroll = useLogScroll(scroller, props, total)
  useEffect(() => {
    if (current !== null) virtualizer.scrollToIndex(current, { align: 'center' })
    // eslint-disable-next-line react-hooks/exhaustive-deps -- moves when the hit changes, not when lines come in
  }, [current])
  return (
    <div className="relative">
      <div
        ref={scroller}
        role="group"
        aria-label={props.label}
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={(event) => scrollByKey(event, scroller.current)}
        className="h-[clamp(280px,calc(100dvh-330px),900px)] overflow-auto rounded-b-[9px] bg-surface py-1 font-mono text-xs leading-[18px] [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        {hasOlder ? (
          <div className="px-3 pb-1">
            <Button size="sm" variant="quiet" onClick={onReadOlder} pending={loadingOlder}>
              Older lines
            </Button>
          </div>
        ) : null}
        <div
          style={{ height: total, position: 'relative', minWidth: '100%', width: props.wrap ? '100%' : 'max-content' }}
        >
          <div style={{ transform: `translateY(${virtualizer.getVirtualItems()[0]?.start ?? 0}px)` }}>
            {virtualizer.getVirtualItems().map((item) => {
              const line = lines[item.index]
              return line ? (
                <div key={item.key} data-index={item.index} ref={virtualizer.measureElement}>
                  <LogLine
                    line={line}
                    wrap={props.wrap}
                    timestamps={props.timestamps}
                    showReplica={props.showReplica}
                    hit={props.hits.has(item.index)}
                    current={current === item.index}
                  />
                </div>
              ) : null
            })}
          </div>
        </div>
      </div>
      {following ? null : (
        <Button
          size="sm"
          variant="primary"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-overlay"
          onClick={() => onFollow(true)}
        >
          Paused{props.unseen > 0 ? ` · ${props.unseen.toLocaleString('en')} new` : ''} · follow
        </Button>
      )}
    </div>
  )
}

/** Keeps the end in view while following, and what is being read in place while older lines come in above it. */
function useLogScroll(scroller: RefObject<HTMLDivElement | null>, props: LogViewProps, total: number): () => void {
  const { lines, following, onFollow, hasOlder, loadingOlder, onReadOlder } = props
  const firstCursor = lines[0]?.cursor
  const before = useRef({ firstCursor, total })
  const lastTop = useRef(0)
  useLayoutEffect(() => {
    const element = scroller.current
    const was = before.current
    if (element && was.firstCursor !== undefined && firstCursor !== was.firstCursor && total > was.total && !following)
      element.scrollBy({ top: total - was.total })
    before.current = { firstCursor, total }
  }, [scroller, firstCursor, total, following])
  useLayoutEffect(() => {
    const element = scroller.current
    if (following) element?.scrollTo({ top: element.scrollHeight })
  }, [scroller, following, total, lines.length])
  return () => {
    const element = scroller.current
    if (!element) return
    const up = element.scrollTop < lastTop.current - 1
    lastTop.current = element.scrollTop
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX
    if (up && following && !atEnd) onFollow(false)
    else if (atEnd && !following && !up) onFollow(true)
    if (element.scrollTop < 200 && hasOlder && !loadingOlder && up) onReadOlder()
  }
}

function scrollByKey(event: KeyboardEvent, element: HTMLElement | null): void {
  if (!element || event.target !== event.currentTarget) return
  if (event.key === 'Home') element.scrollTop = 0
  if (event.key === 'End') element.scrollTop = element.scrollHeight
}

type LogLineProps = {
  line: LogEntry
  wrap: boolean
  timestamps: 'local' | 'utc' | 'off'
  showReplica: boolean
  hit: boolean
  current: boolean
}

const LEVEL = {
  error: { text: 'text-crit', shape: TONE_SHAPE.crit, word: 'error' },
  warning: { text: 'text-warn', shape: TONE_SHAPE.warn, word: 'warning' },
  info: { text: '', shape: '', word: '' },
  debug: { text: 'text-muted', shape: '', word: '' },
} as const

/** One line as the workload wrote it: text and nothing but text. */
function LogLine({ line, wrap, timestamps, showReplica, hit, current }: LogLineProps) {
  if (line.stream === 'gap')
    return (
      <div className="hatch px-3 py-0.5">
        <span className="rounded-sm bg-raised px-1.5 text-muted">
          {line.text} before {formatTimeOfDay(line.atMs, { seconds: true })}
        </span>
      </div>
    )
  const level = line.level ? LEVEL[line.level] : LEVEL.info
  return (
    <div
      className={cn('flex gap-2 px-3', hit && 'bg-warn-tint', current && 'outline-2 -outline-offset-2 outline-focus')}
    >
      {timestamps === 'off' ? null : (
        <time className="shrink-0 text-muted select-none" dateTime={new Date(line.atMs).toISOString()}>
          {formatTimeOfDay(line.atMs, { seconds: true, timeZone: timestamps === 'utc' ? 'UTC' : undefined })}
        </time>
      )}
      {showReplica ? (
        <span className="shrink-0 select-none" style={{ color: `var(--series-${(line.ordinal % 6) + 1})` }}>
          [{line.ordinal}]
        </span>
      ) : null}
      <span className={cn('min-w-0', wrap ? 'break-words whitespace-pre-wrap' : 'whitespace-pre', level.text)}>
        {level.shape ? (
          <span>
            <span aria-hidden="true">{level.shape} </span>
            <span className="sr-only">{level.word}: </span>
          </span>
        ) : null}
        {line.stream === 'agent' ? <span className="text-muted">agent: </span> : null}
        {line.text}
      </span>
    </div>
  )
}
