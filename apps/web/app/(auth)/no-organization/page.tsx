import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { NoOrganization } from '@/features/identity/no-organization'
import { readSession, readUser } from '@/features/identity/read-session'

export const metadata: Metadata = { title: 'No organisation' }

export default async function NoOrganizationPage() {
  const user = await readUser()
  if (!user) redirect('/login')
  if (await readSession()) redirect('/fleet')
  return <NoOrganization name={user.name} email={user.email} />
}
