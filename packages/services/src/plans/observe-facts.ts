import { ENDED_PHASES } from '@clawbernetes/domain/workloads/workload-status'
import type { PlanFact } from '@clawbernetes/protocol/plans/content'
import type { DbOrTx } from '../context'
import { labelText } from '../fleet/node-labels'
import { observePeople } from './observe-people'
import { readSnapshot } from '../placement/read-snapshot'

export interface Drift {
  text: string
  was: string
  is: string
}

/** Looks at every material fact again and returns those that changed. Facts of one organisation only. */
export async function observeDrift(db: DbOrTx, orgId: string, facts: readonly PlanFact[], at: Date): Promise<Drift[]> {
  if (facts.length === 0) return []
  const needsFleet = facts.some((f) => f.kind.startsWith('gpu-') || f.kind.startsWith('node-'))
  const fleet = needsFleet ? await readSnapshot(db, orgId, at) : { at: '', nodes: [] }
  const nodes = new Map(fleet.nodes.map((n) => [n.id, n]))
  const gpus = new Map(fleet.nodes.flatMap((n) => n.gpus.map((g) => [g.id, g] as const)))
  const workloadIds = facts.filter((f) => f.kind === 'workload-revision' || f.kind === 'workload-live').map((f) => f.id)
  const workloads = new Map(
    (workloadIds.length > 0 ? await db.workload.findMany({ where: { orgId, id: { in: workloadIds } } }) : []).map(
      (w) => [w.id, w],
    ),
  )
  const names = facts.filter((f) => f.kind === 'workload-name-free').map((f) => f.id)
  const taken = new Set(
    (names.length > 0
      ? await db.workload.findMany({ where: { orgId, name: { in: names }, deletedAt: null }, select: { name: true } })
      : []
    ).map((w) => w.name),
  )

  const placed = await readPlaced(db, orgId, facts)
  const versions = await secretVersions(db, orgId, facts)
  const people = await observePeople(db, orgId, facts, at)

  const observe: Record<PlanFact['kind'], (id: string) => PlanFact['value']> = {
    'gpu-free': (id) => (gpus.has(id) ? gpus.get(id)?.heldBy === null : null),
    'gpu-usable': (id) => (gpus.has(id) ? gpus.get(id)?.unusable === null : null),
    'node-schedulable': (id) => (nodes.has(id) ? nodes.get(id)?.blocked === null : null),
    'node-online': (id) => (nodes.has(id) ? (nodes.get(id)?.online ?? null) : null),
    'node-cordoned': (id) => (nodes.has(id) ? nodes.get(id)?.blocked !== null : null),
    'workload-revision': (id) => workloads.get(id)?.revision ?? null,
    'workload-live': (id) =>
      workloads.has(id) ? workloads.get(id)?.deletedAt === null && workloads.get(id)?.desired === 'run' : null,
    'workload-name-free': (name) => !taken.has(name),
    'gpu-health': (id) => gpus.get(id)?.unusable ?? (gpus.has(id) ? 'in service' : null),
    'node-labels': (id) => {
      const { nodeId, keys } = splitLabelFact(id)
      const node = nodes.get(nodeId)
      return node ? labelText(node.labels, keys) : null
    },
    'node-workloads': (id) => placed.onNode(id),
    'workload-nodes': (id) => placed.ofWorkload(id),
    'secret-version': (name) => versions.get(name) ?? 0,
    'member-role': (userId) => people.roles.get(userId) ?? null,
    'api-key-live': (id) => people.liveKeys.has(id),
  }
  const drift: Drift[] = []
  for (const fact of facts) {
    const now = observe[fact.kind](fact.id)
    if (now !== fact.value) drift.push({ text: fact.text, was: words(fact.value), is: words(now) })
  }
  return drift
}

/** `<node id>/<key>,<key>`: the labels of one node that a plan rests on. */
export const labelFactId = (nodeId: string, keys: readonly string[]): string =>
  `${nodeId}/${[...keys].sort().join(',')}`

function splitLabelFact(id: string): { nodeId: string; keys: string[] } {
  const slash = id.indexOf('/')
  return { nodeId: id.slice(0, slash), keys: id.slice(slash + 1).split(',') }
}

/** Who runs where, by replicas that are to run and are not closed: names in one order, as text. */
async function readPlaced(db: DbOrTx, orgId: string, facts: readonly PlanFact[]) {
  const ids = (kind: PlanFact['kind']) => facts.filter((f) => f.kind === kind).map((f) => f.id)
  const [nodeIds, workloadIds] = [ids('node-workloads'), ids('workload-nodes')]
  const rows =
    nodeIds.length + workloadIds.length === 0
      ? []
      : await db.replica.findMany({
          where: {
            orgId,
            closedAt: null,
            desired: 'run',
            phase: { notIn: [...ENDED_PHASES] },
            OR: [{ nodeId: { in: nodeIds } }, { workloadId: { in: workloadIds } }],
          },
          select: {
            nodeId: true,
            workloadId: true,
            node: { select: { name: true } },
            workload: { select: { name: true } },
          },
        })
  const list = (names: string[]) => [...new Set(names)].sort().join(', ') || 'none'
  return {
    onNode: (id: string) => list(rows.filter((r) => r.nodeId === id).map((r) => r.workload.name)),
    ofWorkload: (id: string) => list(rows.filter((r) => r.workloadId === id).map((r) => r.node.name)),
  }
}

async function secretVersions(db: DbOrTx, orgId: string, facts: readonly PlanFact[]): Promise<Map<string, number>> {
  const names = facts.filter((f) => f.kind === 'secret-version').map((f) => f.id)
  if (names.length === 0) return new Map()
  const rows = await db.secret.findMany({
    where: { orgId, name: { in: names } },
    select: { name: true, version: true },
  })
  return new Map(rows.map((row) => [row.name, row.version]))
}

const words = (value: PlanFact['value']): string =>
  value === null ? 'gone' : value === true ? 'yes' : value === false ? 'no' : String(value)
