import type { SystemCtx } from '../context'

/** Sweep: values that were typed for plans which are over, however they ended, are not kept. Returns how many. */
export async function pruneSecretDrafts(sys: SystemCtx): Promise<number> {
  const drafts = await sys.db.secretDraft.findMany({ select: { planId: true, revision: true } })
  if (drafts.length === 0) return 0
  const open = await sys.db.plan.findMany({
    where: { id: { in: drafts.map((d) => d.planId) }, state: { in: ['proposed', 'approved', 'running'] } },
    select: { id: true, revision: true },
  })
  const gone = drafts.filter((d) => !open.some((plan) => plan.id === d.planId && plan.revision === d.revision))
  for (const { planId, revision } of gone) await sys.db.secretDraft.deleteMany({ where: { planId, revision } })
  return gone.length
}
