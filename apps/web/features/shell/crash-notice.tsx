'use client'
import { useEffect } from 'react'
import { Button } from '@/ui/button'
import { isMissingPart } from '@/ui/when-reachable'

export type Crash = { error: Error & { digest?: string }; reset: () => void }

/** The last resort, because panels show their own errors: what broke, what did not, and the way on. */
export function CrashNotice({ error, reset }: Crash) {
  useEffect(() => {
    console.error(error)
  }, [error])
  // A part that is gone comes only with a fresh page: the server was updated, or the connection broke in between.
  const missing = isMissingPart(error)
  return (
    <>
      <h1 className="text-xl font-semibold">
        {missing ? 'A part of this page did not arrive' : 'This page stopped working'}
      </h1>
      <p className="text-muted">
        {missing ? 'The connection broke, or a newer version was installed. ' : ''}
        Nothing you approved is affected: plans run on the server.
        {error.digest ? (
          <>
            {' '}
            Reference <code className="font-mono text-xs">{error.digest}</code>.
          </>
        ) : null}
      </p>
      <div>
        <Button variant="primary" onClick={missing ? () => window.location.reload() : reset}>
          Load the page again
        </Button>
      </div>
    </>
  )
}
