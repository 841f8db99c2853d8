import type { Metadata } from 'next'
import { LoginForm } from '@/features/identity/login-form'

export const metadata: Metadata = { title: 'Sign in' }

export default async function LoginPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const { next } = await searchParams
  // Set by `npm start` for the seeded demo only; never on an installation that people use.
  const demo =
    process.env.DEMO_EMAIL && process.env.DEMO_PASSWORD
      ? { email: process.env.DEMO_EMAIL, password: process.env.DEMO_PASSWORD }
      : null
  return <LoginForm next={next ?? null} demo={demo} />
}
