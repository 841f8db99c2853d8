'use client'
import { usePathname } from 'next/navigation'
import { useLookingAt } from '@/features/live/use-presence'
import { LookingNow } from './looking-now'

/** Colleagues on the same page, and the word to them that this person is here too. */
export function PagePresence() {
  const subject = `page:${usePathname()}`
  useLookingAt(subject)
  return <LookingNow subject={subject} what="this page" />
}
