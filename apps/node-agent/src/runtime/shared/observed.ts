import type { Observed, ReplicaKey } from '../runtime'

export const freshObserved = (key: ReplicaKey): Observed => ({
  key,
  phase: 'pending',
  startedAtMs: null,
  finishedAtMs: null,
  exitCode: null,
  signal: null,
  oomKilled: null,
  gpuVerified: null,
  endpoints: [],
  reason: null,
})

/** One name per replica and generation, usable as a folder and as a container name on every engine. */
export const replicaName = (key: Pick<ReplicaKey, 'replicaId' | 'generation'>): string =>
  `${key.replicaId.replaceAll(/[^A-Za-z0-9_.-]/g, '_').replace(/^[^A-Za-z0-9]/, 'x')}-g${key.generation}`

export const isFinal = (observed: Observed): boolean => observed.phase === 'exited' || observed.phase === 'failed'

/** Shown while a stop waits for what cannot be killed: a hung GPU call keeps a process in the kernel. */
export const NOT_ENDING = {
  code: 'not-ending',
  message: 'It was killed and does not end: it is probably stuck in the kernel, in a driver or on a dead file system.',
}

/** Reports an observation only when it says something new. */
export function changeReporter(onChange: (observed: Observed) => void): (observed: Observed) => void {
  let last = ''
  return (observed) => {
    const text = JSON.stringify(observed)
    if (text === last) return
    last = text
    onChange(observed)
  }
}
