'use client'
import type { PlannerTestView } from '@clawbernetes/protocol/views/planner'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { formatDuration } from '@/ui/format'
import { StatusPill } from '@/ui/status-pill'

const POLL_MS = 700

/** Asks the worker for one tool call of the model that is saved, and shows what came of it. */
export function ConnectionTest({ why }: { why: string | null }) {
  const trpc = useTRPC()
  const [testId, setTestId] = useState<string | null>(null)
  const start = useMutation(trpc.planner.test.mutationOptions({ onSuccess: (started) => setTestId(started.testId) }))
  const result = useQuery({
    ...trpc.planner.testResult.queryOptions({ testId: testId ?? '' }),
    enabled: testId !== null,
    refetchInterval: (query) => (query.state.data && query.state.data.state !== 'queued' ? false : POLL_MS),
  })
  const test = testId === null ? null : (result.data ?? null)
  const running = start.isPending || (testId !== null && !result.error && (test === null || test.state === 'queued'))
  const failure = start.error ?? result.error
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <Button pending={running} aria-disabled={why !== null} onClick={() => start.mutate()}>
          Test connection
        </Button>
        {why ? <span className="text-sm text-muted">{why}</span> : null}
      </div>
      <div role="status">
        {running ? <p className="text-muted">The worker asks the model for one tool call.</p> : null}
        {failure && !running ? <p className="text-crit">◆ {toApiError(failure).message}</p> : null}
        {test && test.state !== 'queued' ? <Result test={test} /> : null}
      </div>
    </div>
  )
}

function Result({ test }: { test: PlannerTestView }) {
  if (test.state === 'failed')
    return (
      <div className="grid gap-1">
        <StatusPill tone="crit" className="justify-self-start">
          Failed
        </StatusPill>
        <p className="break-words">{test.error}</p>
      </div>
    )
  return (
    <div className="grid gap-1">
      <StatusPill tone="ok" className="justify-self-start">
        Passed
      </StatusPill>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-3 gap-y-0.5">
        <dt className="text-muted">Model</dt>
        <dd className="break-words">
          {test.provider} {test.model}
        </dd>
        <dt className="text-muted">Tool call and answer</dt>
        <dd>{formatDuration(test.latencyMs)}</dd>
        <dt className="text-muted">First words</dt>
        <dd>{test.firstWordsMs === null ? 'not streamed' : formatDuration(test.firstWordsMs)}</dd>
        <dt className="text-muted">It said</dt>
        <dd className="break-words">{test.sample}</dd>
      </dl>
    </div>
  )
}
