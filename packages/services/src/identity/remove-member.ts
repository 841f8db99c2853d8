import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { recordEvent } from '../log/record-event'
import { parseInput } from '../parse-input'
import { findMember } from './find-member'
import { lockMembers, refuseAbove, refuseLastOwner } from './member-rules'

export const removeMemberInput = z.object({ member: z.string().min(1).max(200) })

/**
 * Takes a person out of the organisation: their requests, keys and plans in hand stop at their next check of rights.
 * `removed: false`: they are no member (any more), so that a repeated step comes to the same end.
 */
export async function removeMember({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof removeMemberInput>
}): Promise<{ removed: boolean; name: string }> {
  requirePermission(ctx, 'manageMembers')
  const input = parseInput(removeMemberInput, raw)
  return ctx.db.$transaction(async (tx) => {
    const { orgId } = ctx.actor
    await lockMembers(tx, orgId)
    const member = await findMember(tx, orgId, input.member)
    if (!member) return { removed: false, name: input.member }
    if (member.userId === ctx.actor.userId)
      throw new ServiceError('forbidden', 'Nobody removes themselves. Ask another administrator.')
    refuseAbove(ctx, member.role)
    await refuseLastOwner(tx, orgId, member)
    await tx.member.delete({ where: { id: member.id } })
    // Their sessions no longer stand in this organisation.
    await tx.session.updateMany({
      where: { userId: member.userId, activeOrganizationId: orgId },
      data: { activeOrganizationId: null },
    })
    // Their keys are refused from now on in any case; this shows it in the list.
    await tx.apiKey.updateMany({
      where: { orgId, userId: member.userId, revokedAt: null },
      data: { revokedAt: ctx.now(), revokedBy: ctx.actor.userId, sealed: null, sealedUntil: null },
    })
    await appendAudit(tx, ctx, 'member.remove', member.email, { role: member.role })
    await recordEvent(tx, {
      orgId,
      room: `org:${orgId}`,
      kind: 'member.removed',
      entityId: member.id,
      entityVersion: 1,
    })
    return { removed: true, name: member.name }
  })
}
