import { fleet8Counters, fleet8Nodes, fleet8Workloads } from '@clawbernetes/domain/scenarios/fleet8'
import type { ScenarioWorkload } from '@clawbernetes/domain/scenarios/scenario-workload'
import { place } from '@clawbernetes/domain/placement/place'
import { placementRequest } from '@clawbernetes/domain/workloads/placement-request'
import { newId, type SystemCtx } from '../context'
import { ServiceError } from '../errors'
import { readSnapshot } from '../placement/read-snapshot'
import { seedCounters } from '../telemetry/seed-counters'
import { createPending } from '../workloads/create-pending'
import { placeWorkload } from '../workloads/place-workload'
import { requestStop } from '../workloads/request-stop'
import { startReplicas } from '../workloads/start-replicas'

/** What each named world begins with; the machines themselves are simulated by the node agent. */
const SCENARIOS: Record<
  string,
  { nodes: readonly { name: string }[]; workloads: typeof fleet8Workloads; counters: typeof fleet8Counters }
> = {
  fleet8: { nodes: fleet8Nodes, workloads: fleet8Workloads, counters: fleet8Counters },
}

/**
 * Once a demo organisation's nodes are all there, its workloads are asked for like any others: they wait, are placed and run on the
 * simulated machines. Done once per organisation; a repeat finds what exists. Returns how many were created.
 */
export async function seedDemoWorkloads(sys: SystemCtx): Promise<number> {
  let created = 0
  for (const { organizationId: orgId, demoScenario } of await sys.db.orgSettings.findMany({
    where: { demoScenario: { not: null } },
  })) {
    const scenario = demoScenario ? SCENARIOS[demoScenario] : undefined
    if (!scenario) continue
    const keyOf = (name: string) => `seed:${orgId}:${name}`
    const last = scenario.workloads[scenario.workloads.length - 1]
    if (!last || (await sys.db.workload.count({ where: { createdByStep: keyOf(last.name) } })) > 0) continue
    const online = await sys.db.node.count({
      where: { orgId, demo: true, status: 'online', name: { in: scenario.nodes.map((n) => n.name) } },
    })
    if (online < scenario.nodes.length) continue
    await seedCounters({ sys, orgId, counters: scenario.counters })
    const owners = await ownersOf(sys, orgId)
    for (const workload of scenario.workloads) {
      const seeded = {
        orgId,
        ownerId: owners.get(workload.owner) ?? owners.get('') ?? 'system',
        key: keyOf(workload.name),
        workload,
      }
      await (workload.nodes ? startSeeded(sys, seeded) : waitSeeded(sys, seeded))
      created += 1
    }
  }
  return created
}

async function ownersOf(sys: SystemCtx, orgId: string): Promise<Map<string, string>> {
  const members = await sys.db.member.findMany({
    where: { organizationId: orgId },
    include: { user: { select: { id: true, email: true } } },
  })
  const owners = new Map(members.map((m) => [m.user.email.split('@')[0] ?? '', m.user.id]))
  const owner = members.find((m) => m.role === 'owner')
  if (owner) owners.set('', owner.user.id)
  return owners
}

interface SeededWorkload {
  orgId: string
  ownerId: string
  key: string
  workload: ScenarioWorkload
}

const waitSeeded = (sys: SystemCtx, { orgId, ownerId, key, workload }: SeededWorkload) =>
  createPending(sys, { orgId, ownerId, name: workload.name, spec: workload.spec, key, demo: true })

/** Runs it where the scenario says; its own rules stay as they are, so that it may move later. */
async function startSeeded(sys: SystemCtx, { orgId, ownerId, key, workload }: SeededWorkload): Promise<void> {
  const made = await sys.db.workload.findUnique({ where: { createdByStep: key }, include: { replicas: { take: 1 } } })
  if (made && made.replicas.length > 0) return
  const { places, reason } = place(
    { ...placementRequest(workload.spec), nodes: workload.nodes },
    await readSnapshot(sys.db, orgId, sys.now()),
  )
  if (places.length === 0 && !made)
    throw new ServiceError('conflict', `The demo's ${workload.name} finds no place: ${reason}`)
  if (made) {
    // A round that died in between: its claims are given up, the sweep for waiting workloads takes it from here.
    await requestStop(sys, { orgId, workloadId: made.id, reason: 'The demo was interrupted while it started this.' })
    return
  }
  const workloadId = newId('workload', sys.now())
  await placeWorkload(sys, {
    orgId,
    ownerId,
    planId: null,
    stepId: key,
    args: { workloadId, name: workload.name, spec: workload.spec, places },
  })
  await startReplicas(sys, { orgId, stepId: `${key}:start`, args: { workloadId, places } })
}
