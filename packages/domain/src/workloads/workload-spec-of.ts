import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'

/** The plainest workload there is: one process that is run once, without GPUs, anywhere. What matters is given. */
export const workloadSpecOf = (given: Partial<WorkloadSpec>): WorkloadSpec => ({
  kind: 'job',
  runtime: 'container',
  image: null,
  command: [],
  env: {},
  workdir: null,
  mounts: [],
  ports: [],
  replicas: 1,
  gpusPerReplica: 0,
  gang: false,
  memoryMib: null,
  cpus: null,
  shmMib: null,
  health: null,
  restart: { policy: 'never', maxRestarts: 0, backoffMs: 0 },
  stop: { signal: 'SIGTERM', graceMs: 1000 },
  checkpoint: null,
  placement: { nodes: null, excludeNodes: [], labels: {}, gpuModel: null },
  training: null,
  ...given,
})
