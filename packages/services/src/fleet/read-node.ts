import type { Inventory } from '@clawbernetes/protocol/node/inventory'
import type { GpuProcess } from '@clawbernetes/protocol/node/telemetry'
import type { NodeDetail } from '@clawbernetes/protocol/views/node'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { listFindings } from '../diagnosis/list-findings'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'
import { gpuView } from './gpu-view'
import { type LoadedFleet, loadFleet } from './load-fleet'
import { nodeListItem } from './node-list-item'

export const readNodeInput = z.object({ nodeId: z.string().max(60) })

/** One node with its GPUs, open findings and replicas. */
export async function readNode({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof readNodeInput>
}): Promise<NodeDetail> {
  requirePermission(ctx, 'read')
  const { nodeId } = parseInput(readNodeInput, input)
  const fleet = await loadFleet(ctx, [nodeId], { gpuFacts: true })
  const [node] = fleet.nodes
  if (!node) throw notFound('node')
  const [full, processes, findings, replicas] = await Promise.all([
    ctx.db.node.findUniqueOrThrow({ where: { id: nodeId }, select: { inventory: true } }),
    readProcesses(ctx, [node.num]),
    listFindings({ ctx, input: { nodeId } }),
    readReplicas(ctx, fleet, nodeId),
  ])
  // Parsed by zod when the node sent it.
  const inventory = full.inventory as unknown as Inventory
  return {
    ...nodeListItem(fleet, node),
    epoch: node.epoch,
    protocol: node.protocol,
    hostname: inventory.hostname,
    os: inventory.os,
    kernel: inventory.kernel,
    arch: inventory.arch,
    cpuModel: inventory.cpuModel,
    diskTotalMib: inventory.diskTotalMib,
    driverVersion: inventory.driverVersion,
    cudaVersion: inventory.cudaVersion,
    address: inventory.address,
    bootId: inventory.bootId,
    runtimes: inventory.runtimes,
    dataRoots: inventory.dataRoots,
    dataPaths: inventory.dataPaths,
    connectedAtMs: node.connectedAt?.getTime() ?? null,
    gpus: node.gpus.map((gpu) => gpuView(fleet, node, gpu, processes.get(node.num) ?? [])),
    findings,
    replicas,
    droppedSamples: fleet.latest.get(node.num)?.dropped ?? 0,
  }
}

/** Processes on the GPUs of nodes, by node number, as last told. */
export async function readProcesses(ctx: Ctx, nodeNums: number[]): Promise<Map<number, GpuProcess[]>> {
  const rows = await ctx.db.$queryRaw<
    { node: number; processes: GpuProcess[] }[]
  >`select node, processes from telemetry.gpu_process where node = any(${nodeNums})`
  return new Map(rows.map((row) => [row.node, row.processes]))
}

async function readReplicas(ctx: Ctx, fleet: LoadedFleet, nodeId: string): Promise<NodeDetail['replicas']> {
  const rows = await ctx.db.replica.findMany({
    where: { nodeId, orgId: ctx.actor.orgId, closedAt: null },
    orderBy: { createdAt: 'asc' },
    select: {
      id: true,
      workloadId: true,
      ordinal: true,
      phase: true,
      desired: true,
      startedAt: true,
      workload: { select: { name: true } },
      reservations: { where: { releasedAt: null }, select: { gpuId: true } },
    },
  })
  const index = new Map(fleet.nodes.flatMap((node) => node.gpus.map((gpu) => [gpu.id, gpu.index] as const)))
  return rows.map((row) => ({
    id: row.id,
    workloadId: row.workloadId,
    workloadName: row.workload.name,
    ordinal: row.ordinal,
    phase: row.phase,
    desired: row.desired === 'run' ? 'run' : 'stop',
    gpuIndexes: row.reservations.flatMap((claim) => index.get(claim.gpuId) ?? []).sort((a, b) => a - b),
    startedAtMs: row.startedAt?.getTime() ?? null,
  }))
}
