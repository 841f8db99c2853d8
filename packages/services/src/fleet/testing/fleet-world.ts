import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createDb, type Db } from '@clawbernetes/db/client'
import { type TestDatabase, testDatabase } from '@clawbernetes/db/testing'
import type { Inventory, GpuInventory } from '@clawbernetes/protocol/node/inventory'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { Role } from '@clawbernetes/protocol/roles'
import { PROTOCOL_VERSION } from '@clawbernetes/protocol/version'
import { type Ctx, newId, type SystemCtx } from '../../context'
import { bumpNodes } from '../bump-nodes'
import { createJoinToken } from '../create-join-token'
import { enrolNode } from '../enrol-node'
import { nodeHello } from '../node-hello'

/** A database with two organisations that know nothing of each other, for tests. */
export interface FleetWorld {
  url: string
  db: Db
  sys: SystemCtx
  /** A person of the first organisation. */
  ctx(role?: Role): Ctx
  /** An owner of the other organisation. */
  stranger: Ctx
  orgId: string
  /** Moves the clock of `sys` and of the contexts; it stands still otherwise when set once. */
  setNow(at: Date | null): void
  close(): Promise<void>
}

export async function fleetWorld(): Promise<FleetWorld> {
  const database: TestDatabase = await testDatabase()
  const { db, close } = createDb(database.url, 6)
  let fixed: Date | null = null
  const now = () => fixed ?? new Date()
  const person = async (orgName: string) => {
    const orgId = newId('organization', now())
    const userId = newId('user', now())
    await db.organization.create({ data: { id: orgId, name: orgName, slug: orgName.toLowerCase() } })
    await db.user.create({
      data: { id: userId, name: `${orgName} person`, email: `${orgName.toLowerCase()}@example.test` },
    })
    return (role: Role): Ctx => ({
      db,
      now,
      actor: { kind: 'person', userId, userName: `${orgName} person`, orgId, role, via: 'web' },
    })
  }
  const ours = await person('Acme')
  const theirs = await person('Other')
  return {
    url: database.url,
    db,
    sys: { db, now },
    ctx: (role = 'owner') => ours(role),
    stranger: theirs('owner'),
    orgId: ours('owner').actor.orgId,
    setNow: (at) => {
      fixed = at
    },
    close: async () => {
      await close()
      await database.drop()
    },
  }
}

export const gpuFacts = (index: number, over: Partial<GpuInventory> = {}): GpuInventory => ({
  uuid: `GPU-${index}-${randomBytes(4).toString('hex')}`,
  index,
  vendor: 'nvidia',
  name: 'NVIDIA A100-SXM4-80GB',
  model: 'A100-80GB',
  memoryMib: 81_920,
  pciBusId: `00000000:${(0x10 + index).toString(16).toUpperCase()}:00.0`,
  serial: null,
  slowdownTempC: 87,
  shutdownTempC: 92,
  slowdownMarginC: null,
  powerLimitW: 400,
  migEnabled: false,
  linkDomain: 'nvswitch-0',
  readability: 'ok',
  ...over,
})

export const inventoryOf = (over: Partial<Inventory> = {}): Inventory => ({
  hostname: 'host-1',
  name: 'node-01',
  os: 'Debian GNU/Linux 12',
  kernel: '6.1.0',
  arch: 'x86_64',
  bootId: 'boot-a',
  cpuModel: 'AMD EPYC 7763',
  cpuCores: 128,
  memoryMib: 1_048_576,
  diskTotalMib: 4_000_000,
  driver: 'nvidia',
  driverVersion: '580.82',
  cudaVersion: '13.0',
  runtimes: [{ kind: 'process', engine: 'process', version: null, gpu: 'native' }],
  gpus: [gpuFacts(0), gpuFacts(1)],
  labels: {},
  dataRoots: ['/data'],
  dataPaths: [{ path: '/data/training', kind: 'dir', sizeMib: 1000 }],
  address: null,
  demo: false,
  ...over,
})

export const replicaSpecOf = (gpuUuids: string[] = []): ReplicaSpec => ({
  runtime: 'process',
  image: null,
  command: ['sleep', '60'],
  env: {},
  workdir: null,
  mounts: [],
  ports: [],
  gpuUuids,
  memoryMib: null,
  cpus: null,
  shmMib: null,
  pidsMax: null,
  health: null,
  restart: { policy: 'never', maxRestarts: 0, backoffMs: 0 },
  stop: { signal: 'SIGTERM', graceMs: 1000 },
  checkpoint: null,
})

/** A workload with one replica per entry, reserved and assigned as placement leaves it. */
export async function placeWorkload(
  world: FleetWorld,
  {
    name = 'train-a',
    kind = 'training' as 'training' | 'service' | 'batch' | 'job',
    places,
  }: { name?: string; kind?: 'training' | 'service' | 'batch' | 'job'; places: { nodeId: string; gpuIds: string[] }[] },
): Promise<{ workloadId: string; replicaIds: string[] }> {
  const { db, orgId } = world
  const at = world.sys.now()
  const workloadId = newId('workload', at)
  const replicaIds: string[] = []
  await db.$transaction(async (tx) => {
    await tx.workload.create({
      data: {
        id: workloadId,
        orgId,
        name,
        kind,
        status: 'placed',
        spec: {},
        replicasWanted: places.length,
        ownerId: 'usr_test',
      },
    })
    for (const [ordinal, { nodeId, gpuIds }] of places.entries()) {
      const gpus = await tx.gpu.findMany({ where: { id: { in: gpuIds } } })
      const node = await tx.node.findUniqueOrThrow({ where: { id: nodeId } })
      const id = newId('replica', at)
      replicaIds.push(id)
      const spec = replicaSpecOf(gpus.map((gpu) => gpu.uuid))
      await tx.replica.create({ data: { id, orgId, workloadId, nodeId, ordinal, spec, nodeEpoch: node.epoch } })
      for (const gpuId of gpuIds)
        await tx.reservation.create({
          data: { id: newId('reservation', at), orgId, gpuId, nodeId, workloadId, replicaId: id },
        })
      await bumpNodes(tx, [nodeId])
    }
  })
  return { workloadId, replicaIds }
}

/** A machine that has joined, through the same door as a real one; `online` says hello for it. */
export async function joinNode(
  world: FleetWorld,
  over: Partial<Inventory> = {},
  { online = true, ctx = world.ctx('admin') }: { online?: boolean; ctx?: Ctx } = {},
): Promise<{ nodeId: string; num: number; gpus: { id: string; uuid: string; slot: number }[]; inventory: Inventory }> {
  const inventory = inventoryOf(over)
  const { token } = await createJoinToken({ ctx, input: { label: 'test', demo: inventory.demo } })
  const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const { nodeId } = await enrolNode({
    sys: world.sys,
    input: { token, protocol: PROTOCOL_VERSION, agentVersion: '0.1.0', publicKey, inventory },
  })
  if (online)
    await nodeHello({
      sys: world.sys,
      nodeId,
      hello: {
        protocol: PROTOCOL_VERSION,
        agentVersion: '0.1.0',
        agentBootId: 'a',
        epoch: 0,
        inventory,
        replicas: [],
        results: [],
      },
    })
  const { num } = await world.db.node.findUniqueOrThrow({ where: { id: nodeId } })
  const gpus = await world.db.$queryRaw<{ id: string; uuid: string; slot: number }[]>`
    select g.id, g.uuid, s.slot from gpu g join telemetry.gpu_slot s on s.gpu_id = g.id where g.node_id = ${nodeId} order by s.slot`
  return { nodeId, num, gpus, inventory }
}
