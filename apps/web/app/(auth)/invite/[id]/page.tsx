import type { Metadata } from 'next'
import { AcceptInvitation } from '@/features/identity/accept-invitation'
import { readUser } from '@/features/identity/read-session'

export const metadata: Metadata = { title: 'Invitation' }

export default async function InvitePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const user = await readUser()
  return <AcceptInvitation invitationId={id} email={user?.email ?? null} />
}
