import type { SystemCtx } from '../context'

/** "resuming from checkpoint-2300 (step 2300)", "Resumed training from step 2300": what trainers say when they go on. */
const RESUMED = /\bresum\w*\b[^\n]{0,80}?\b(?:step|checkpoint)[-_ =]?(\d{1,12})\b/i
const FIRST_LINES = 200

/** The step at which these replicas say that they went on, from their own logs; null: they have not said so. */
export async function resumedFrom(
  { db }: SystemCtx,
  input: { orgId: string; replicaIds: readonly string[] },
): Promise<number | null> {
  const lines = await db.workloadLog.findMany({
    where: {
      orgId: input.orgId,
      replicaId: { in: [...input.replicaIds] },
      seq: { lt: FIRST_LINES },
      text: { contains: 'resum', mode: 'insensitive' },
    },
    orderBy: { seq: 'desc' },
    take: 5,
    select: { text: true },
  })
  for (const { text } of lines) {
    const step = RESUMED.exec(text)?.[1]
    if (step !== undefined) return Number(step)
  }
  return null
}

/** Have these replicas reported a step of their own? A process that lives is not yet a training that trains. */
export async function trainsAgain(
  { db }: SystemCtx,
  input: { orgId: string; replicaIds: readonly string[] },
): Promise<boolean> {
  const where = { orgId: input.orgId, replicaId: { in: [...input.replicaIds] } }
  return (await db.workloadMetric.findFirst({ where, select: { step: true } })) !== null
}
