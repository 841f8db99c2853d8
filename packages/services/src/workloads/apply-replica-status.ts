import type { ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import { inert } from '@clawbernetes/protocol/text'
import type { SystemCtx, Tx } from '../context'
import { type NewEvent, recordEvents } from '../log/record-events'
import { withRetry } from '../with-retry'
import { lockWorkloads, syncWorkloads } from './sync-workload-status'

/** What one node says of its replicas. */
export interface NodeStatuses {
  nodeId: string
  statuses: readonly ReplicaStatus[]
}

/**
 * Stores what nodes say of their replicas, those of many nodes together. Each is compared by node, generation, epoch and
 * sequence, so that a repeat or an older word changes nothing.
 * @returns for each node, in the order given, ids that are not replicas of it: nothing was changed for them
 */
export async function applyReplicaStatuses({
  sys,
  nodes,
}: {
  sys: SystemCtx
  nodes: readonly NodeStatuses[]
}): Promise<{ foreign: string[] }[]> {
  const ids = nodes.flatMap((node) => node.statuses.map((status) => status.replicaId))
  const rows = await sys.db.replica.findMany({
    where: { id: { in: ids } },
    select: { id: true, nodeId: true, workloadId: true },
  })
  const known = new Map(rows.map((row) => [row.id, row]))
  const own = nodes.flatMap(({ nodeId, statuses }) =>
    statuses.flatMap((status) => {
      const replica = known.get(status.replicaId)
      return replica?.nodeId === nodeId ? [{ workloadId: replica.workloadId, status }] : []
    }),
  )
  for (let rest = own; rest.length > 0; ) {
    const round = firstOfEach(rest)
    await withRetry(() => sys.db.$transaction((tx) => applyRound(tx, sys, round)))
    const taken = new Set(round)
    rest = rest.filter((said) => !taken.has(said))
  }
  return nodes.map(({ nodeId, statuses }) => ({
    foreign: statuses.flatMap(({ replicaId }) => (known.get(replicaId)?.nodeId === nodeId ? [] : [replicaId])),
  }))
}

interface Said {
  workloadId: string
  status: ReplicaStatus
}

/** Of several words about one replica the first: "running" is told to everybody before "ended" is. */
function firstOfEach(said: readonly Said[]): Said[] {
  const seen = new Set<string>()
  return said.filter(({ status }) => !seen.has(status.replicaId) && seen.add(status.replicaId))
}

interface Changed {
  id: string
  orgId: string
  workloadId: string
  nodeId: string
  ordinal: number
  version: number
  phase: string
  reason: string | null
  visible: boolean
}

async function applyRound(tx: Tx, sys: SystemCtx, round: readonly Said[]): Promise<void> {
  await lockWorkloads(tx, [...new Set(round.map((said) => said.workloadId))])
  const told = round.map(({ status }) => ({
    id: status.replicaId,
    phase: status.phase,
    seq: status.seq,
    generation: status.generation,
    exit_code: status.exitCode,
    signal: status.signal,
    oom_killed: status.oomKilled,
    gpu_verified: status.gpuVerified,
    restarts: status.restarts,
    endpoints: status.endpoints,
    reason_code: status.reason?.code ?? null,
    reason: status.reason ? inert(status.reason.message, 600) : null,
    started_at: isoOf(status.startedAtMs),
    finished_at: isoOf(status.finishedAtMs),
  }))
  // Only what is newer than what is stored, of this generation and of the node's present life, changes anything.
  const changed = await tx.$queryRaw<Changed[]>`
    with told as (
      select * from json_to_recordset(${JSON.stringify(told)}::json) as t(id text, phase text, seq int, generation int,
        exit_code int, signal text, oom_killed bool, gpu_verified bool, restarts int, endpoints jsonb, reason_code text,
        reason text, started_at timestamptz, finished_at timestamptz)
    ), fresh as (
      select t.*, (r.phase, r.restarts) is distinct from (t.phase, t.restarts) or r.reason is distinct from t.reason as visible
      from told t join replica r on r.id = t.id join node n on n.id = r.node_id
      where r.closed_at is null and r.phase <> 'lost' and r.status_seq < t.seq and r.generation = t.generation
        and r.node_epoch = n.epoch
    )
    update replica r set phase = f.phase, status_seq = f.seq, exit_code = f.exit_code, signal = f.signal,
      oom_killed = f.oom_killed, gpu_verified = f.gpu_verified, restarts = f.restarts, endpoints = f.endpoints,
      reason_code = f.reason_code, reason = f.reason, started_at = f.started_at, finished_at = f.finished_at,
      version = r.version + 1, updated_at = ${sys.now()}
    from fresh f where r.id = f.id
    returning r.id, r.org_id as "orgId", r.workload_id as "workloadId", r.node_id as "nodeId", r.ordinal, r.version, r.phase,
      r.reason, f.visible`
  if (changed.length === 0) return
  await recordEvents(tx, changed.filter((replica) => replica.visible).map(statusEvent))
  await syncWorkloads(tx, sys, [...new Set(changed.map((replica) => replica.workloadId))])
}

const statusEvent = ({ id, orgId, workloadId, nodeId, ordinal, version, phase, reason }: Changed): NewEvent => ({
  orgId,
  room: `workload:${workloadId}`,
  kind: 'replica.status',
  entityId: id,
  entityVersion: version,
  data: { workloadId, nodeId, ordinal, phase, reason },
})

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
