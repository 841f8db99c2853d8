import { nameText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import { type Ctx, requirePermission, type Tx } from '../context'
import { ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { recordEvent } from '../log/record-event'
import { ring } from '../log/ring'
import { parseInput } from '../parse-input'
import { stepJobKey } from '../plans/step-job-key'
import { touchOpenPlans } from '../plans/touch-open-plans'
import { readOrgPolicy } from '../policy/read-org-policy'

export const unfreezeInput = z.object({ reason: nameText(200) })

/** Lifts the emergency stop. Steps that waited for it get their jobs in the same transaction, and so go on at once. */
export async function unfreeze({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof unfreezeInput>
}): Promise<{ frozen: false; resumed: number }> {
  requirePermission(ctx, 'managePolicy')
  const { reason } = parseInput(unfreezeInput, raw)
  return ctx.db.$transaction(async (tx) => {
    const { orgId } = ctx.actor
    await tx.$queryRaw`select 1 from org_settings where organization_id = ${orgId} for update`
    const { frozen } = await readOrgPolicy(tx, orgId)
    if (!frozen) throw new ServiceError('conflict', 'The emergency stop is not on.')
    await tx.orgSettings.update({
      where: { organizationId: orgId },
      data: { frozenAt: null, frozenBy: null, frozenReason: null },
    })
    await forgetPause(tx, orgId, frozen.at, ctx.now())
    const resumed = await resumeSteps(tx, orgId)
    await touchOpenPlans(tx, orgId)
    await appendAudit(tx, ctx, 'org.unfrozen', 'Emergency stop', {
      reason,
      frozenAt: frozen.at.toISOString(),
      frozenBy: frozen.by,
      resumed,
    })
    await recordEvent(tx, {
      orgId,
      room: `org:${orgId}`,
      kind: 'org.unfrozen',
      entityId: orgId,
      entityVersion: Math.floor(ctx.now().getTime() / 1000),
      data: { by: ctx.actor.userName, reason },
    })
    // Workloads that waited for room are placed again.
    await ring(tx, { topic: 'placement', orgId })
    return { frozen: false, resumed }
  })
}

/** The time under the stop is no time in which a step could have got anywhere: its deadline moves by as much. */
async function forgetPause(tx: Tx, orgId: string, frozenAt: Date, now: Date): Promise<void> {
  await tx.$executeRaw`
    update plan_step set started_at = started_at + (${now}::timestamptz - greatest(started_at, ${frozenAt}::timestamptz))
    where org_id = ${orgId} and state in ('pending', 'waiting', 'running') and started_at < ${now}::timestamptz`
}

/** The step in hand of every plan that is to go on; one that waits for its window finds that out by itself. */
async function resumeSteps(tx: Tx, orgId: string): Promise<number> {
  const steps = await tx.$queryRaw<{ id: string }[]>`
    select distinct on (s.plan_id) s.id from plan_step s join plan p on p.id = s.plan_id and p.revision = s.revision
    where p.org_id = ${orgId} and p.state in ('approved', 'running') and s.state in ('pending', 'waiting', 'running')
    order by s.plan_id, s.ordinal`
  for (const { id } of steps) await enqueue(tx, 'plan-step', { stepId: id }, { key: stepJobKey(id) })
  return steps.length
}
