import { planContent, type PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Tx } from '../context'

const MAX_SOURCES = 20

/** A revision came of the one before it: what that one had read, this one has read too, whoever asked for the change. */
export async function carryUntrusted(
  tx: Tx,
  before: { planId: string; revision: number },
  content: PlanContent,
): Promise<PlanContent> {
  const row = await tx.planRevision.findUnique({
    where: { planId_revision: { planId: before.planId, revision: before.revision } },
    select: { content: true },
  })
  const earlier = planContent.safeParse(row?.content)
  if (!earlier.success) return content
  const untrusted = [...new Set([...earlier.data.origin.untrusted, ...content.origin.untrusted])].slice(0, MAX_SOURCES)
  return { ...content, origin: { ...content.origin, untrusted } }
}
