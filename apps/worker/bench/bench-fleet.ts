import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Ctx, Prisma, SystemCtx } from '@clawbernetes/services/context'
import type { Inventory } from '@clawbernetes/protocol/node/inventory'

export interface BenchNode {
  id: string
  num: number
  privateKey: KeyObject
  inventory: Inventory
  gpus: { id: string; uuid: string; slot: number }[]
}

export interface BenchFleet {
  orgId: string
  ctx: Ctx
  nodes: BenchNode[]
}

/** An organisation with `nodeCount` × `gpusPerNode` GPUs, written straight into the database: joining is not what is measured. */
export async function makeFleet(sys: SystemCtx, nodeCount: number, gpusPerNode: number): Promise<BenchFleet> {
  const orgId = 'org_bench'
  await sys.db.organization.create({ data: { id: orgId, name: 'Bench', slug: 'bench' } })
  const nodes: BenchNode[] = []
  const nodeRows: Prisma.NodeCreateManyInput[] = []
  const gpuRows: Prisma.GpuCreateManyInput[] = []
  for (let n = 0; n < nodeCount; n++) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const id = `node_bench${String(n).padStart(6, '0')}`
    const inventory = inventoryOf(n, gpusPerNode)
    const gpus = inventory.gpus.map((gpu) => ({ id: `gpu_${n}_${gpu.index}`, uuid: gpu.uuid, slot: gpu.index }))
    nodes.push({ id, num: n + 1, privateKey, inventory, gpus })
    const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    nodeRows.push({
      id,
      orgId,
      num: n + 1,
      name: inventory.name,
      status: 'online' as const,
      publicKey: key,
      agentVersion: 'bench',
      protocol: 1,
      demo: true,
      inventory,
      cpuCores: 128,
      memoryMib: 1_048_576,
      lastSeenAt: sys.now(),
    })
    for (const gpu of inventory.gpus)
      gpuRows.push({
        id: `gpu_${n}_${gpu.index}`,
        orgId,
        nodeId: id,
        uuid: gpu.uuid,
        index: gpu.index,
        vendor: gpu.vendor,
        name: gpu.name,
        gpuModel: gpu.model,
        memoryMib: gpu.memoryMib,
        facts: gpu,
      })
  }
  await sys.db.node.createMany({ data: nodeRows })
  await sys.db.gpu.createMany({ data: gpuRows })
  await sys.db.$executeRaw`
    insert into telemetry.gpu_slot (gpu_id, node, slot, since) select g.id, n.num, g.index, 'epoch' from gpu g join node n on n.id = g.node_id`
  const ctx: Ctx = {
    ...sys,
    actor: { kind: 'person', userId: 'usr_bench', userName: 'Bench', orgId, role: 'owner', via: 'web' },
  }
  return { orgId, ctx, nodes }
}

function inventoryOf(n: number, gpusPerNode: number): Inventory {
  return {
    hostname: `bench-${n}`,
    name: `bench-${String(n).padStart(4, '0')}`,
    os: 'Debian GNU/Linux 12',
    kernel: '6.1.0',
    arch: 'x86_64',
    bootId: 'boot',
    cpuModel: null,
    cpuCores: 128,
    memoryMib: 1_048_576,
    diskTotalMib: null,
    driver: 'sim',
    driverVersion: null,
    cudaVersion: null,
    runtimes: [],
    gpus: Array.from({ length: gpusPerNode }, (_, index) => ({
      uuid: `GPU-${n}-${index}`,
      index,
      vendor: 'nvidia' as const,
      name: 'NVIDIA A100-SXM4-80GB',
      model: 'A100-80GB',
      memoryMib: 81_920,
      pciBusId: null,
      serial: null,
      slowdownTempC: 87,
      shutdownTempC: 92,
      slowdownMarginC: null,
      powerLimitW: 400,
      migEnabled: false,
      linkDomain: null,
      readability: 'ok' as const,
    })),
    labels: {},
    dataRoots: [],
    dataPaths: [],
    address: null,
    demo: true,
  }
}
