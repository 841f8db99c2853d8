'use client'
import { setPaused, usePaused } from '@/features/live/pause'
import { Button } from '@/ui/button'
import { formatCount } from '@/ui/format'

/** The page holds still: said where the connection is said, with the way on. */
export function PausedMark() {
  const { paused, held } = usePaused()
  return (
    <>
      <span role="status" className="sr-only">
        {paused ? 'Live values are paused.' : ''}
      </span>
      {paused ? (
        <Button size="sm" onClick={() => setPaused(false)} aria-keyshortcuts="p">
          <span aria-hidden="true">❚❚</span> Paused<span className="max-desk:sr-only">, resume</span>
          {held > 0 ? <span className="text-muted">{formatCount(held)} waiting</span> : null}
        </Button>
      ) : null}
    </>
  )
}
