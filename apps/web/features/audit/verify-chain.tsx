'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy-button'
import { StatusText } from '@/ui/status-pill'

/** Recomputes the whole chain on the server when asked. The head hash is for noting it elsewhere. */
export function VerifyChain() {
  const trpc = useTRPC()
  const [asked, setAsked] = useState(false)
  const check = useQuery(trpc.audit.verify.queryOptions(undefined, { enabled: asked, staleTime: 0 }))
  const report = check.isFetching ? undefined : check.data
  const verify = () => {
    setAsked(true)
    if (asked) void check.refetch()
  }
  return (
    <>
      <span role="status" className="flex min-w-0 items-center gap-1">
        {report?.brokenAt === null ? (
          <StatusText tone="ok">{report.entries.toLocaleString('en')} entries, chain intact</StatusText>
        ) : null}
        {report && report.brokenAt !== null ? (
          <StatusText tone="crit" className="whitespace-normal">
            Broken at entry {report.brokenAt}: {report.why}
          </StatusText>
        ) : null}
        {check.error ? <StatusText tone="crit">{toApiError(check.error).message}</StatusText> : null}
      </span>
      {report?.brokenAt === null ? <CopyButton iconOnly text={report.headHash} label="Copy head hash" /> : null}
      <Button onClick={verify} pending={check.isFetching}>
        Verify chain
      </Button>
    </>
  )
}
