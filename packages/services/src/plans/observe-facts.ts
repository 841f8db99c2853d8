import type { PlanFact } from '@clawbernetes/protocol/plans/content'
import type { DbOrTx } from '../context'
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
  }
  const drift: Drift[] = []
  for (const fact of facts) {
    const now = observe[fact.kind](fact.id)
    if (now !== fact.value) drift.push({ text: fact.text, was: words(fact.value), is: words(now) })
  }
  return drift
}

const words = (value: PlanFact['value']): string =>
  value === null ? 'gone' : value === true ? 'yes' : value === false ? 'no' : String(value)
