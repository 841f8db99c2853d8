import type { Metadata } from 'next'
import { SignUpForm } from '@/features/identity/sign-up-form'

export const metadata: Metadata = { title: 'Create an account' }

export default async function SignUpPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const { next } = await searchParams
  return <SignUpForm next={next ?? null} />
}
