'use client'
import { useEffect, useState } from 'react'
import { SESSION_LOST_EVENT } from '@/trpc/client'

/** True from the first answer that says the session is over, until the person has signed in again or waved it away. */
export function useSessionLost(): { lost: boolean; close: () => void } {
  const [lost, setLost] = useState(false)
  useEffect(() => {
    const show = () => setLost(true)
    window.addEventListener(SESSION_LOST_EVENT, show)
    return () => window.removeEventListener(SESSION_LOST_EVENT, show)
  }, [])
  return { lost, close: () => setLost(false) }
}
