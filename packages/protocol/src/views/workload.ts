import type { ReplicaPhase } from '../node/replica'
import type { PlacementRules, WorkloadKind } from '../workloads/spec'

export type WorkloadStatusName =
  | 'pending'
  | 'placed'
  | 'starting'
  | 'running'
  | 'degraded'
  | 'stopping'
  | 'stopped'
  | 'succeeded'
  | 'failed'

export interface WorkloadListItem {
  id: string
  name: string
  kind: WorkloadKind
  status: WorkloadStatusName
  statusReason: string | null
  owner: { id: string; name: string }
  replicasWanted: number
  replicasRunning: number
  gpusWanted: number
  gpus: { count: number; model: string | null }
  nodes: { id: string; name: string }[]
  /** Mean utilisation of its GPUs at the last sample; null: unknown. */
  utilPct: number | null
  /** Micro-dollars per hour of the GPUs it holds; null: no price known. */
  costPerHourMicroUsd: number | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  demo: boolean
  version: number
}

export interface ReplicaView {
  id: string
  ordinal: number
  attempt: number
  node: { id: string; name: string }
  phase: ReplicaPhase | 'assigned' | 'lost'
  desired: 'run' | 'stop'
  gpus: { id: string; uuid: string; index: number; model: string }[]
  exitCode: number | null
  signal: string | null
  oomKilled: boolean | null
  gpuVerified: boolean | null
  restarts: number
  reason: { code: string; message: string } | null
  endpoints: { containerPort: number; hostPort: number; address: string }[]
  startedAt: string | null
  finishedAt: string | null
  closed: boolean
}

/** Above the list. `failed24h`: ended as failed within the last day. */
export interface WorkloadCounts {
  running: number
  pending: number
  degraded: number
  failed24h: number
  total: number
}

export interface WorkloadDetail extends WorkloadListItem {
  revision: number
  runtime: 'container' | 'process' | null
  gpusPerReplica: number
  /** Where it may go, as it was asked for; null: its spec cannot be read. */
  rules: PlacementRules | null
  restart: { policy: 'never' | 'on-failure' | 'always'; maxRestarts: number } | null
  /** Cost of the GPU time it has used so far; null: a price is not known. */
  costSoFarMicroUsd: number | null
  image: string | null
  command: string[]
  env: { name: string; value: string }[]
  mounts: { hostPath: string; containerPath: string; readOnly: boolean }[]
  training: {
    model: string
    paramsB: number
    method: string
    sharding: string
    epochs: number
    datasetPath: string | null
  } | null
  replicas: ReplicaView[]
  planId: string | null
  planLabel: string | null
  /** Why these nodes: what placement said of each. */
  placement: { node: string; fits: boolean; reason: string }[]
  pendingReasons: { node: string; reason: string }[]
  /** Names of the metrics that it reported (loss, lr, …). */
  metricNames: string[]
  /** Ordered moments from asked to running, for the start-up timeline. */
  timeline: { at: string; text: string }[]
}
