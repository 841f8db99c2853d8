'use client'
import { CHANNEL_NAMES, type ChannelLinkView } from '@clawbernetes/protocol/views/channel'
import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { RelativeTime } from '@/ui/clock'
import { SkeletonRows } from '@/ui/skeleton'

/** Whoever opens a link from Slack or Discord signs in first, then says yes to being spoken for by that account. */
export function LinkAccount({ code, email }: { code: string; email: string | null }) {
  return (
    <div className="grid gap-4">
      <h1 className="text-xl font-semibold">Link your account</h1>
      {email ? <Question code={code} /> : <SignInFirst code={code} />}
    </div>
  )
}

function SignInFirst({ code }: { code: string }) {
  return (
    <>
      <p>Sign in to say who you are. You come back here afterwards.</p>
      <Button asChild variant="primary" size="lg">
        <Link href={`/login?next=${encodeURIComponent(`/link/${code}`)}`}>Sign in</Link>
      </Button>
    </>
  )
}

function Question({ code }: { code: string }) {
  const trpc = useTRPC()
  const link = useQuery({
    ...trpc.channels.readLink.queryOptions({ code }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const accept = useMutation(trpc.channels.acceptLink.mutationOptions())
  if (accept.isSuccess)
    return (
      <>
        <p role="status">
          <span aria-hidden="true" className="text-ok">
            ✓{' '}
          </span>
          Linked. Go back and ask your question again.
        </p>
        <Button asChild size="lg">
          <Link href="/settings?tab=channels">See what is linked</Link>
        </Button>
      </>
    )
  if (link.error)
    return (
      <p role="alert" className="text-crit">
        {toApiError(link.error).message}
      </p>
    )
  if (!link.data) return <SkeletonRows rows={3} label="Loading" />
  return (
    <>
      <WhatItMeans link={link.data} />
      {accept.error ? (
        <p role="alert" className="text-crit">
          {toApiError(accept.error).message}
        </p>
      ) : null}
      <Button variant="primary" size="lg" pending={accept.isPending} onClick={() => accept.mutate({ code })}>
        Link this account
      </Button>
      <p className="text-muted">
        Not you?{' '}
        <Link className="link" href={`/login?switch=1&next=${encodeURIComponent(`/link/${code}`)}`}>
          Sign in with another account
        </Link>
      </p>
    </>
  )
}

function WhatItMeans({ link }: { link: ChannelLinkView }) {
  const platform = CHANNEL_NAMES[link.kind]
  return (
    <>
      <dl className="m-0 grid gap-2">
        <div>
          <dt className="text-sm text-muted">Account in {platform}</dt>
          <dd className="m-0 font-semibold break-all">
            {link.externalName}
            {link.teamName ? <span className="font-normal text-muted"> of {link.teamName}</span> : null}
          </dd>
        </div>
        <div>
          <dt className="text-sm text-muted">Speaks for</dt>
          <dd className="m-0 font-semibold break-all">
            {link.user.name} <span className="font-normal text-muted">({link.user.email})</span>
          </dd>
        </div>
        <div>
          <dt className="text-sm text-muted">In</dt>
          <dd className="m-0">
            {link.organization}, with the role {link.user.role}
          </dd>
        </div>
      </dl>
      <p>
        Whoever holds that account can then ask for changes and decide on plans as you. Go on only if you asked for this
        link in {platform} yourself, just now. It expires <RelativeTime value={link.expiresAt} />.
      </p>
    </>
  )
}
