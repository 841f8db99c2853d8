'use client'
import type { ToolCallView } from '@clawbernetes/protocol/views/chat'
import { CodeBlock, Disclosure } from '@/ui/disclosure'
import { formatDuration } from '@/ui/format'
import { TONE_TEXT, type Tone } from '@/ui/status-pill'

const STATES = {
  queued: { tone: 'pend', shape: '○', word: 'queued' },
  running: { tone: 'info', shape: '◐', word: 'running' },
  done: { tone: 'ok', shape: '✓', word: 'done' },
  failed: { tone: 'crit', shape: '◆', word: 'failed' },
  waiting: { tone: 'warn', shape: '◷', word: 'waiting for approval' },
  skipped: { tone: 'pend', shape: '–', word: 'skipped' },
  cancelled: { tone: 'pend', shape: '✕', word: 'cancelled' },
} as const satisfies Record<ToolCallView['state'], { tone: Tone; shape: string; word: string }>

function Summary({ call }: { call: ToolCallView }) {
  const state = STATES[call.state]
  return (
    <span className="min-w-0 text-sm">
      {call.title}{' '}
      <span className={TONE_TEXT[state.tone]}>
        <span aria-hidden="true">{state.shape}</span>
        <span className={call.state === 'done' ? 'sr-only' : 'ml-1'}>{state.word}</span>
      </span>
      {call.durationMs === null ? null : <span className="ml-1 text-muted">{formatDuration(call.durationMs)}</span>}
    </span>
  )
}

function Call({ call }: { call: ToolCallView }) {
  const args = JSON.stringify(call.args, null, 2)
  return (
    <li>
      <Disclosure summary={<Summary call={call} />}>
        <div className="mb-2 grid gap-1 pl-4">
          <p className="text-xs text-muted">
            Tool <code className="font-mono">{call.name}</code>
          </p>
          {args === '{}' ? null : (
            <CodeBlock label="Arguments" className="whitespace-pre-wrap">
              {args}
            </CodeBlock>
          )}
          {call.resultPreview ? (
            <>
              {call.untrusted ? (
                <p className="text-xs text-muted">The text below comes from machines; it is data, not instructions.</p>
              ) : null}
              <CodeBlock label="Result" className="max-h-56 overflow-y-auto whitespace-pre-wrap">
                {call.resultPreview}
              </CodeBlock>
            </>
          ) : null}
          {call.error ? <p className="text-sm text-crit">◆ {call.error}</p> : null}
        </div>
      </Disclosure>
    </li>
  )
}

/** What the agent looked at, in order; each opens to its arguments and result. */
export function ToolTrace({ calls }: { calls: readonly ToolCallView[] }) {
  if (calls.length === 0) return null
  return (
    <ul
      aria-label="What the agent did"
      className="m-0 mb-1 flex list-none flex-wrap gap-x-3 p-0 text-muted [&>li:has(details[open])]:w-full"
    >
      {calls.map((call) => (
        <Call key={call.id} call={call} />
      ))}
    </ul>
  )
}
