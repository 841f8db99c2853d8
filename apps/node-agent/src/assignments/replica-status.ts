import { isDeepStrictEqual } from 'node:util'
import type { Assignment, ReplicaSpec, ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import type { Observed, ReplicaKey } from '../runtime/runtime'

export type StatusPatch = Partial<Omit<ReplicaStatus, 'replicaId' | 'generation' | 'seq' | 'atMs'>>

export const STOPPED = { code: 'stopped', message: 'Stopped as asked.' }
export const REPLACED = { code: 'replaced', message: 'Stopped to make room for a newer generation.' }
export const MACHINE_RESTARTED = { code: 'machine-restarted', message: 'The machine restarted while it ran.' }
export const VANISHED = { code: 'vanished', message: 'It was gone when the node agent came back.' }

/** What a new attempt knows of itself: nothing of the one before. */
export const BLANK: StatusPatch = {
  phase: 'pending',
  reason: null,
  startedAtMs: null,
  finishedAtMs: null,
  exitCode: null,
  signal: null,
  oomKilled: null,
  gpuVerified: null,
  endpoints: [],
}

export const isLive = (seen: Observed): boolean => seen.phase !== 'exited' && seen.phase !== 'failed'

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
    reason: cutReason(seen.reason),
  }
}

export const cutReason = (reason: ReplicaStatus['reason']): ReplicaStatus['reason'] =>
  reason && { code: reason.code.slice(0, 60), message: reason.message.slice(0, 600) }

/** An attempt of which nothing is to be found any more, as if the runtime had seen it end. */
export function goneAttempt(
  key: ReplicaKey,
  startedAtMs: number | null,
  nowMs: number,
  reason: NonNullable<ReplicaStatus['reason']>,
): Observed {
  const ended = {
    phase: 'failed' as const,
    startedAtMs,
    finishedAtMs: nowMs,
    exitCode: null,
    signal: null,
    oomKilled: null,
  }
  return { key, ...ended, gpuVerified: null, endpoints: [], reason }
}

/** Nothing in it changed but its number and time. */
export function sameStatus(a: ReplicaStatus, b: ReplicaStatus): boolean {
  return isDeepStrictEqual({ ...a, seq: 0, atMs: 0 }, { ...b, seq: 0, atMs: 0 })
}

/** @param seq the number before its first one */
export function freshStatus(target: Assignment, nowMs: number, seq: number): ReplicaStatus {
  return {
    replicaId: target.replicaId,
    generation: target.generation,
    seq,
    phase: 'pending',
    atMs: nowMs,
    startedAtMs: null,
    finishedAtMs: null,
    exitCode: null,
    signal: null,
    oomKilled: null,
    restarts: 0,
    gpuVerified: null,
    endpoints: [],
    reason: null,
  }
}

/** Lets processes on a GPU be told apart by replica, and the workload know itself. */
export function withIdentity(spec: ReplicaSpec, key: ReplicaKey): ReplicaSpec {
  const identity = {
    CLAWBERNETES_REPLICA_ID: key.replicaId,
    CLAWBERNETES_GENERATION: String(key.generation),
    CLAWBERNETES_WORKLOAD: key.workloadName,
  }
  return { ...spec, env: { ...spec.env, ...identity } }
}
