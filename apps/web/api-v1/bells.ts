import 'server-only'
import { type Bell, subscribe } from '@clawbernetes/services/log/subscribe'

type Listener = (bell: Bell | 'gap') => void
const listeners = new Set<Listener>()
let started = false

/** One connection that hears the bells for every waiting request of this process; opened by the first one. */
export function onBell(listener: Listener): () => void {
  if (!started) {
    started = true
    const tell = (bell: Bell | 'gap') => {
      for (const each of listeners) each(bell)
    }
    subscribe(process.env.DATABASE_URL ?? '', tell, () => tell('gap'))
  }
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** A bell may be missed (a reconnect): whoever waits looks by itself this often. */
const LOOK_AGAIN_MS = 2000

/**
 * Reads again whenever a bell rings that matters, until `enough` says so or the time is over; returns what was read last.
 * The first look is taken after listening began, so that nothing falls in between.
 */
export async function readUntil<T>(wait: {
  read: () => Promise<T>
  enough: (value: T) => boolean
  matters: (bell: Bell) => boolean
  timeoutMs: number
  signal: AbortSignal
}): Promise<T> {
  const end = Date.now() + wait.timeoutMs
  let wake = () => {}
  let rang = false
  const stop = onBell((bell) => {
    if (bell !== 'gap' && !wait.matters(bell)) return
    rang = true
    wake()
  })
  try {
    for (;;) {
      rang = false
      const value = await wait.read()
      const left = end - Date.now()
      if (wait.enough(value) || left <= 0 || wait.signal.aborted) return value
      if (rang) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, LOOK_AGAIN_MS))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
        wait.signal.addEventListener('abort', wake, { once: true })
      })
    }
  } finally {
    stop()
  }
}
