'use client'
import Link from 'next/link'
import { useState } from 'react'
import { Button } from '@/ui/button'
import { acceptInvitation } from './auth-requests'

/** An invitation is for one e-mail: whoever opens it signs in with that one first, and comes back here. */
export function AcceptInvitation({ invitationId, email }: { invitationId: string; email: string | null }) {
  const [error, setError] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  const here = encodeURIComponent(`/invite/${invitationId}`)
  const accept = async () => {
    setPending(true)
    const result = await acceptInvitation(invitationId)
    if (result.ok) {
      window.location.assign('/fleet')
      return
    }
    setPending(false)
    setError(`${result.message} The invitation may have expired, been withdrawn, or be for another e-mail.`)
  }
  return (
    <div className="grid gap-4">
      <h1 className="text-xl font-semibold">You are invited</h1>
      {email ? (
        <>
          <p>You are signed in as {email}.</p>
          <p role="alert" className="text-crit empty:hidden">
            {error}
          </p>
          <Button variant="primary" size="lg" pending={pending} onClick={() => void accept()}>
            Join
          </Button>
          <p className="text-muted">
            Not you?{' '}
            <Link className="link" href={`/login?switch=1&next=${here}`}>
              Sign in with another account
            </Link>
          </p>
        </>
      ) : (
        <>
          <p>Sign in with the e-mail that was invited, or create an account with it. You come back here afterwards.</p>
          <Button asChild variant="primary" size="lg">
            <Link href={`/login?next=${here}`}>Sign in</Link>
          </Button>
          <Button asChild size="lg">
            <Link href={`/sign-up?next=${here}`}>Create an account</Link>
          </Button>
        </>
      )}
    </div>
  )
}
