'use client'
import type { ToolCallView } from '@clawbernetes/protocol/views/chat'
import { Spinner } from '@/ui/spinner'
import { ToolTrace } from './tool-trace'

/** The agent at work, before its first words: the steps it has taken. */
export function ActiveRun({ calls }: { calls: readonly ToolCallView[] }) {
  return (
    <div className="mb-4">
      <p>
        <strong className="text-agent">
          <span aria-hidden="true">✦ </span>Agent
        </strong>
      </p>
      <ToolTrace calls={calls} />
      <p className="flex items-center gap-2 text-muted">
        <Spinner />
        {calls.length === 0 ? 'Looking into it…' : 'Working…'}
      </p>
    </div>
  )
}
