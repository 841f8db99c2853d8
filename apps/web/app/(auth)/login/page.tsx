import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { LoginForm } from '@/features/identity/login-form'
import { readSession } from '@/features/identity/read-session'
import { safeReturnPath } from '@/features/identity/return-path'

export const metadata: Metadata = { title: 'Sign in' }

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string; switch?: string }>
}) {
  const { next, switch: switching } = await searchParams
  if (switching === undefined && (await readSession())) redirect(safeReturnPath(next))
  // Set by `npm start` for the seeded demo only; never on an installation that people use.
  const demo =
    process.env.DEMO_EMAIL && process.env.DEMO_PASSWORD
      ? { email: process.env.DEMO_EMAIL, password: process.env.DEMO_PASSWORD }
      : null
  return <LoginForm next={next ?? null} demo={demo} />
}
