import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'
import { auditFilter, auditWhere } from './audit-filter'

export const countNewAuditInput = auditFilter.extend({ afterSeq: z.number().int().min(0) })

/** How many entries that fit the filter were written since: the screen offers them instead of moving what is being read. */
export async function countNewAudit({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof countNewAuditInput>
}): Promise<{ count: number }> {
  requirePermission(ctx, 'read')
  const { afterSeq, ...filter } = parseInput(countNewAuditInput, raw)
  const where = await auditWhere(ctx.db, ctx.actor.orgId, filter)
  return { count: await ctx.db.auditEntry.count({ where: { ...where, seq: { gt: afterSeq } } }) }
}
