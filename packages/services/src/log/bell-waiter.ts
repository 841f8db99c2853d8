import { type Bell, subscribe } from './subscribe'

type Listener = (bell: Bell | 'gap') => void

/** A bell may be missed (a reconnect): whoever waits looks by itself this often. */
const LOOK_AGAIN_MS = 2000

export interface Wait<T> {
  read: () => Promise<T>
  enough: (value: T) => boolean
  matters: (bell: Bell) => boolean
  timeoutMs: number
  signal: AbortSignal
}

/** Hears the bells for every waiting request of a process over one connection, which the first of them opens. */
export interface BellWaiter {
  onBell(listener: Listener): () => void
  /** Reads again whenever a bell rings that matters, until `enough` says so or the time is over; returns what was read last. */
  readUntil<T>(wait: Wait<T>): Promise<T>
  close(): Promise<void>
}

export function bellWaiter(databaseUrl: () => string): BellWaiter {
  const listeners = new Set<Listener>()
  let connection: { stop(): Promise<void> } | undefined
  const onBell = (listener: Listener) => {
    const tell = (bell: Bell | 'gap') => {
      for (const each of listeners) each(bell)
    }
    connection ??= subscribe(databaseUrl(), tell, () => tell('gap'))
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return {
    onBell,
    readUntil: (wait) => readUntil(onBell, wait),
    close: async () => {
      await connection?.stop()
      connection = undefined
    },
  }
}

/** The first look is taken after listening began, so that nothing falls in between. */
async function readUntil<T>(onBell: BellWaiter['onBell'], wait: Wait<T>): Promise<T> {
  const end = Date.now() + wait.timeoutMs
  let wake = () => {}
  let rang = false
  const stop = onBell((bell) => {
    if (bell !== 'gap' && !wait.matters(bell)) return
    rang = true
    wake()
  })
  const aborted = () => wake()
  wait.signal.addEventListener('abort', aborted)
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
      })
    }
  } finally {
    stop()
    wait.signal.removeEventListener('abort', aborted)
  }
}
