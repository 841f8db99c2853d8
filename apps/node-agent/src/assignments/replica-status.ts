import { isDeepStrictEqual } from 'node:util'
import type { ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import type { Observed } from '../runtime/runtime'

export const STOPPED = { code: 'stopped', message: 'Stopped as asked.' }

/** The part of a status that a runtime's observation fills; texts cut to what the wire allows. */
export function observedFacts(seen: Observed) {
  return {
    phase: seen.phase,
    startedAtMs: seen.startedAtMs,
    finishedAtMs: seen.finishedAtMs,
    exitCode: seen.exitCode,
    signal: seen.signal?.slice(0, 20) ?? null,
    oomKilled: seen.oomKilled,
    gpuVerified: seen.gpuVerified,
    endpoints: seen.endpoints.slice(0, 16),
    reason: seen.reason && { code: seen.reason.code.slice(0, 60), message: seen.reason.message.slice(0, 600) },
  }
}

/** Nothing in it changed but its number and time. */
export function sameStatus(a: ReplicaStatus, b: ReplicaStatus): boolean {
  return isDeepStrictEqual({ ...a, seq: 0, atMs: 0 }, { ...b, seq: 0, atMs: 0 })
}
