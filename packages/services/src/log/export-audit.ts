import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'
import { appendAudit } from './append-audit'
import { AUDIT_FORMATS, type AuditFormat, entryLine, headLine } from './audit-file'
import { type AuditFilter, auditFilter, auditWhere, isNarrow } from './audit-filter'
import { GENESIS } from './audit-chain'
import { actorNames } from './list-audit'

const BATCH = 500

export const exportAuditInput = auditFilter.extend({ format: z.enum(AUDIT_FORMATS).default('jsonl') })

/**
 * The audit log as a file, oldest first, in pieces: any length in little memory. The export itself is an entry, the last one that
 * it holds.
 */
export async function exportAudit({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof exportAuditInput>
}): Promise<{ fileName: string; lines: AsyncGenerator<string> }> {
  requirePermission(ctx, 'exportAudit')
  const { format, ...filter } = parseInput(exportAuditInput, raw)
  const end = await ctx.db.$transaction(async (tx) => {
    await appendAudit(tx, ctx, 'audit.exported', 'Audit log', { format, filter: { ...filter } })
    return tx.auditEntry.findFirst({ where: { orgId: ctx.actor.orgId }, orderBy: { seq: 'desc' } })
  })
  const day = ctx.now().toISOString().slice(0, 10)
  return {
    fileName: `audit-${day}.${format}`,
    lines: writeLines(ctx, format, filter, end?.seq ?? 0, end?.hash ?? GENESIS),
  }
}

async function* writeLines(
  ctx: Ctx,
  format: AuditFormat,
  filter: AuditFilter,
  headSeq: number,
  headHash: string,
): AsyncGenerator<string> {
  const { orgId } = ctx.actor
  yield headLine(format, {
    type: 'clawbernetes-audit',
    version: 1,
    orgId,
    narrow: isNarrow(filter),
    exportedAt: ctx.now().toISOString(),
    headSeq,
    headHash,
  })
  const where = await auditWhere(ctx.db, orgId, filter)
  for (let after = 0; ; ) {
    const rows = await ctx.db.auditEntry.findMany({
      where: { ...where, seq: { gt: after, lte: headSeq } },
      orderBy: { seq: 'asc' },
      take: BATCH,
    })
    const names = await actorNames(ctx.db, rows)
    yield rows.map((row) => entryLine(format, row, names.get(row.actorId ?? row.onBehalfOf ?? '') ?? null)).join('')
    after = rows.at(-1)?.seq ?? headSeq
    if (rows.length < BATCH) return
  }
}
