import type { HealthEvent } from '@clawbernetes/protocol/node/telemetry'
import { inert } from '@clawbernetes/protocol/text'
import { newId, type SystemCtx } from '../context'

/** Stores what a node reported, each once by its key. A GPU is found by UUID, or by the bus address that kernel lines give. */
export async function recordHealthEvents({
  sys,
  nodeId,
  events,
}: {
  sys: SystemCtx
  nodeId: string
  events: HealthEvent[]
}): Promise<number> {
  const node = await sys.db.node.findUniqueOrThrow({ where: { id: nodeId }, select: { orgId: true } })
  const gpus = await sys.db.gpu.findMany({ where: { nodeId }, select: { id: true, uuid: true, facts: true } })
  const gpuOf = (event: HealthEvent) =>
    gpus.find((gpu) => gpu.uuid === event.uuid) ??
    gpus.find((gpu) => event.pciBusId !== null && samePci(busIdOf(gpu.facts), event.pciBusId))
  const replicas = events.flatMap((event) => event.replicaId ?? [])
  const own = new Set(
    (await sys.db.replica.findMany({ where: { id: { in: replicas }, nodeId }, select: { id: true } })).map(
      (row) => row.id,
    ),
  )
  const { count } = await sys.db.healthEvent.createMany({
    data: events.map((event) => ({
      id: newId('event', sys.now()),
      orgId: node.orgId,
      nodeId,
      gpuId: gpuOf(event)?.id ?? null,
      key: event.key,
      kind: event.kind,
      code: event.code,
      line: event.line === null ? null : inert(event.line, 1000),
      replicaId: event.replicaId !== null && own.has(event.replicaId) ? event.replicaId : null,
      at: new Date(event.atMs),
      receivedAt: sys.now(),
    })),
    skipDuplicates: true,
  })
  return count
}

const busIdOf = (facts: unknown): string | null => (facts as { pciBusId?: string | null } | null)?.pciBusId ?? null

/** nvidia-smi prints 00000000:3B:00.0, the kernel 0000:3b:00: compared from the right, without the function. */
function samePci(a: string | null, b: string): boolean {
  const parts = (id: string) =>
    id
      .toLowerCase()
      .replace(/\.\d+$/, '')
      .split(':')
      .slice(-3)
  if (a === null) return false
  const [left, right] = [parts(a), parts(b)]
  return (
    Number.parseInt(left[0] ?? '', 16) === Number.parseInt(right[0] ?? '', 16) &&
    left[1] === right[1] &&
    left[2] === right[2]
  )
}
