import type { Metadata } from 'next'
import { WelcomePage } from '@/features/onboarding/welcome-page'

export const metadata: Metadata = { title: 'Welcome' }

export default function Welcome() {
  const demo =
    process.env.DEMO_EMAIL && process.env.DEMO_PASSWORD
      ? { email: process.env.DEMO_EMAIL, password: process.env.DEMO_PASSWORD }
      : null
  return <WelcomePage demo={demo} />
}
