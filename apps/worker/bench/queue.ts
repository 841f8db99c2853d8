import { workloadSpecOf } from '@clawbernetes/domain/workloads/workload-spec-of'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { newId, type Db, type SystemCtx } from '@clawbernetes/services/context'
import { createPending } from '@clawbernetes/services/workloads/create-pending'

/** A job that ends at once: what a scheduler's own time is measured with. */
export const trivial = (gpusPerReplica: number, replicas = 1): WorkloadSpec =>
  workloadSpecOf({ image: 'busybox:latest', command: ['true'], replicas, gpusPerReplica, gang: replicas > 1 })

/** Submits `count` jobs, `parallel` at a time, as callers would. */
export async function submit(
  sys: SystemCtx,
  orgId: string,
  count: number,
  parallel: number,
  spec: WorkloadSpec,
): Promise<void> {
  let next = 0
  const caller = async () => {
    for (let i = next++; i < count; i = next++) {
      const name = `job-${spec.replicas}-${i}`
      await createPending(sys, { orgId, ownerId: 'usr_ana', name, spec, key: `bench:${name}`, demo: true })
    }
  }
  await Promise.all(Array.from({ length: parallel }, caller))
}

/** Rows of `nodes` online nodes with eight GPUs each, without agents: for what only reads and decides. */
export async function insertFleet(db: Db, orgId: string, nodes: number): Promise<void> {
  const inventory = {
    runtimes: [{ kind: 'container', engine: 'bench', version: null, gpu: 'cdi' }],
    dataRoots: ['/data'],
    dataPaths: [],
    address: null,
  }
  await db.node.createMany({
    data: Array.from({ length: nodes }, (_, i) => ({
      id: newId('node', new Date()),
      orgId,
      name: `node-${String(i + 1).padStart(4, '0')}`,
      status: 'online' as const,
      publicKey: `bench-${orgId}-${nodes}-${i}`,
      agentVersion: 'bench',
      protocol: 1,
      inventory,
      labels: { 'price-per-gpu-hour-usd': '1.80' },
      cpuCores: 128,
      memoryMib: 1_048_576,
      demo: true,
    })),
  })
  const rows = await db.node.findMany({ where: { orgId }, select: { id: true, name: true } })
  await db.gpu.createMany({
    data: rows.flatMap((node) =>
      Array.from({ length: 8 }, (_, index) => ({
        id: newId('gpu', new Date()),
        orgId,
        nodeId: node.id,
        uuid: `GPU-${node.name}-${index}`,
        index,
        vendor: 'nvidia',
        name: 'NVIDIA A100-SXM4-80GB',
        gpuModel: 'A100-80GB',
        memoryMib: 81_920,
        facts: { linkDomain: 'nvswitch-0' },
      })),
    ),
  })
}
