import { diagnoseGpu } from '@clawbernetes/domain/diagnosis/diagnose-gpu'
import { diagnoseNode } from '@clawbernetes/domain/diagnosis/diagnose-node'
import type { SystemCtx } from '../context'
import { clearFinding, openFinding } from './store-finding'
import { gatherFacts } from './gather-facts'

export interface Diagnosed {
  opened: number
  cleared: number
}

/**
 * Folds the rules over every organisation's fleet and keeps one open finding per rule and target. A grave one makes its GPU
 * suspect, never quarantined: that is a person's decision. Safe to run in several processes.
 */
export async function diagnose({ sys }: { sys: SystemCtx }): Promise<Diagnosed> {
  const orgs = await sys.db.node.findMany({ where: { removedAt: null }, distinct: ['orgId'], select: { orgId: true } })
  const done: Diagnosed = { opened: 0, cleared: 0 }
  for (const { orgId } of orgs) {
    const { gpus, nodes } = await gatherFacts(sys, orgId)
    for (const { id, nodeId, facts } of gpus) {
      const target = { orgId, nodeId, gpuId: id }
      const { drafts, cleared } = diagnoseGpu(facts)
      for (const draft of drafts) if (await openFinding(sys, target, draft)) done.opened++
      for (const rule of cleared) if (await clearFinding(sys, target, rule)) done.cleared++
    }
    for (const { id, memoryMib, events } of nodes) {
      const target = { orgId, nodeId: id, gpuId: null }
      const open = new Set(
        (await sys.db.finding.findMany({ where: { ...target, state: 'open' }, select: { rule: true } })).map(
          (row) => row.rule,
        ),
      )
      const { drafts, cleared } = diagnoseNode({ nowMs: sys.now().getTime(), memoryMib, events, open })
      for (const draft of drafts) if (await openFinding(sys, target, draft)) done.opened++
      for (const rule of cleared) if (await clearFinding(sys, target, rule)) done.cleared++
    }
  }
  return done
}
