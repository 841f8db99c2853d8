import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'

/** torchrun's default rendezvous port (pytorch elastic quickstart). */
const RDZV_PORT = 29400

/** What one node is told to run: the workload's spec with this place's GPUs and, for a gang, its rendezvous. */
export function replicaSpec(
  spec: WorkloadSpec,
  place: ReplicaPlace,
  gang: { attempt: number; workloadId: string; masterAddress: string | null },
): ReplicaSpec {
  return {
    runtime: spec.runtime,
    image: spec.image,
    command: spec.gang && spec.replicas > 1 ? gangCommand(spec, gang) : spec.command,
    env:
      spec.gang && spec.replicas > 1
        ? { ...spec.env, NODE_RANK: String(place.ordinal), NNODES: String(spec.replicas) }
        : spec.env,
    ...(spec.secretEnv && Object.keys(spec.secretEnv).length > 0 ? { secretEnv: spec.secretEnv } : {}),
    workdir: spec.workdir,
    mounts: spec.mounts,
    ports: spec.ports,
    gpuUuids: place.gpuUuids,
    memoryMib: spec.memoryMib,
    cpus: spec.cpus,
    shmMib: spec.shmMib,
    pidsMax: null,
    health: spec.health,
    // A rank that fails takes its gang down; the control plane starts the next attempt with all of them.
    restart: spec.gang ? { policy: 'never', maxRestarts: 0, backoffMs: 0 } : spec.restart,
    stop: spec.stop,
    checkpoint: spec.checkpoint,
  }
}

/** torchrun across nodes: one rendezvous id per attempt, so that ranks of two attempts never meet. */
function gangCommand(
  spec: WorkloadSpec,
  gang: { attempt: number; workloadId: string; masterAddress: string | null },
): string[] {
  const at = spec.command.indexOf('--standalone')
  if (spec.command[0] !== 'torchrun' || at < 0) return spec.command
  const rendezvous = [
    `--nnodes=${spec.replicas}`,
    `--rdzv-id=${gang.workloadId}-${gang.attempt}`,
    '--rdzv-backend=c10d',
    `--rdzv-endpoint=${gang.masterAddress ?? '127.0.0.1'}:${RDZV_PORT}`,
  ]
  return [...spec.command.slice(0, at), ...rendezvous, ...spec.command.slice(at + 1)]
}
