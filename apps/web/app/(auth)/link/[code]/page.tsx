import { LinkAccount } from '@/features/identity/link-account'
import { readSession } from '@/features/identity/read-session'
import { ApiProvider } from '@/trpc/client'
import type { Metadata } from 'next'

// The address holds the code: it must not travel on to other pages.
export const metadata: Metadata = { title: 'Link your account', referrer: 'no-referrer', robots: { index: false } }

export default async function LinkPage({ params }: { params: Promise<{ code: string }> }) {
  const { code } = await params
  const session = await readSession()
  return (
    <ApiProvider>
      <LinkAccount code={code} email={session?.user.email ?? null} />
    </ApiProvider>
  )
}
