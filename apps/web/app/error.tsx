'use client'
import { useEffect } from 'react'
import { Button } from '@/ui/button'

/** The crash boundary: the last resort, because panels show their own errors. */
export default function CrashPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => {
    console.error(error)
  }, [error])
  return (
    <main className="mx-auto grid min-h-[60dvh] max-w-md content-center gap-3 p-6">
      <h1 className="text-xl font-semibold">This page stopped working</h1>
      <p className="text-muted">
        Nothing you approved is affected: plans run on the server.
        {error.digest ? (
          <>
            {' '}
            Reference <code className="font-mono text-xs">{error.digest}</code>.
          </>
        ) : null}
      </p>
      <div>
        <Button variant="primary" onClick={reset}>
          Load the page again
        </Button>
      </div>
    </main>
  )
}
