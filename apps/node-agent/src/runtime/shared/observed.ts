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
