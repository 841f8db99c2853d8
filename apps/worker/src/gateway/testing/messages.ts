import type { ReplicaPhase, ReplicaStatus } from '@clawbernetes/protocol/node/replica'

export const statusOf = (
  replicaId: string,
  seq: number,
  phase: ReplicaPhase,
  over: Partial<ReplicaStatus> = {},
): ReplicaStatus => ({
  replicaId,
  generation: 1,
  seq,
  phase,
  atMs: Date.now(),
  startedAtMs: null,
  finishedAtMs: null,
  exitCode: null,
  signal: null,
  oomKilled: null,
  restarts: 0,
  gpuVerified: null,
  endpoints: [],
  reason: null,
  ...over,
})
