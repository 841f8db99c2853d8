'use client'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useSession } from '@/features/identity/session'
import type { PresentPerson } from './messages'
import { getPresence, lookAt, subscribePresence } from './socket'

const NOBODY: PresentPerson[] = []

/** Colleagues who have the app open now; with a subject, those who look at it. */
export function useColleagues(subject?: string): PresentPerson[] {
  const people = useSyncExternalStore(subscribePresence, getPresence, () => NOBODY)
  const me = useSession().user.id
  return useMemo(
    () =>
      people.filter((person) => person.userId !== me && (subject === undefined || person.looking.includes(subject))),
    [people, me, subject],
  )
}

/** Tells colleagues that this person looks at something, while the tab is visible and, with an element, it is in view. */
export function useLookingAt(subject: string | null, element?: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (subject === null) return
    let inView = element === undefined
    let stop: (() => void) | null = null
    const sync = () => {
      const looks = inView && document.visibilityState === 'visible'
      if (looks) stop ??= lookAt(subject)
      else {
        stop?.()
        stop = null
      }
    }
    const target = element?.current ?? null
    const observer = target
      ? new IntersectionObserver(([entry]) => {
          inView = entry?.isIntersecting ?? false
          sync()
        })
      : null
    if (target) observer?.observe(target)
    sync()
    document.addEventListener('visibilitychange', sync)
    return () => {
      observer?.disconnect()
      document.removeEventListener('visibilitychange', sync)
      stop?.()
    }
  }, [subject, element])
}
