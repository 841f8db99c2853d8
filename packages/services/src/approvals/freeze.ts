import { nameText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { appendAudit } from '../log/append-audit'
import { recordEvent } from '../log/record-event'
import { parseInput } from '../parse-input'
import { touchOpenPlans } from '../plans/touch-open-plans'
import { readOrgPolicy } from '../policy/read-org-policy'

export const freezeInput = z.object({ reason: nameText(200) })

/**
 * The emergency stop: from the moment this commits nothing of the organisation is proposed, approved or started, and no step goes
 * on. What runs on nodes keeps running. Any operator may; a second pull changes nothing and says who was first.
 */
export async function freeze({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof freezeInput>
}): Promise<{ frozen: true; already: boolean }> {
  requirePermission(ctx, 'propose')
  const { reason } = parseInput(freezeInput, raw)
  return ctx.db.$transaction(async (tx) => {
    const { orgId } = ctx.actor
    await tx.orgSettings.upsert({ where: { organizationId: orgId }, create: { organizationId: orgId }, update: {} })
    // Waits for decisions in hand; whoever comes after reads the stop.
    await tx.$queryRaw`select 1 from org_settings where organization_id = ${orgId} for update`
    if ((await readOrgPolicy(tx, orgId)).frozen) return { frozen: true, already: true }
    await tx.orgSettings.update({
      where: { organizationId: orgId },
      data: { frozenAt: ctx.now(), frozenBy: ctx.actor.userId, frozenReason: reason },
    })
    await touchOpenPlans(tx, orgId)
    await appendAudit(tx, ctx, 'org.frozen', 'Emergency stop', { reason })
    await recordEvent(tx, {
      orgId,
      room: `org:${orgId}`,
      kind: 'org.frozen',
      entityId: orgId,
      entityVersion: Math.floor(ctx.now().getTime() / 1000),
      data: { by: ctx.actor.userName, reason },
    })
    return { frozen: true, already: false }
  })
}
