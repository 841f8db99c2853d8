import { policyDocument } from '@clawbernetes/protocol/policy/org-policy'
import type { Prisma } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { type Ctx, requirePermission, type Tx } from '../context'
import { ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { recordEvent } from '../log/record-event'
import { recordEvents } from '../log/record-events'
import { parseInput } from '../parse-input'
import { stepJobKey } from '../plans/step-job-key'
import { readOrgPolicy } from './read-org-policy'

export const setPolicyInput = z.object({
  document: policyDocument,
  /** The version that was edited: somebody else's change in between is not overwritten. */
  expectedVersion: z.number().int().min(1),
})

/** Cards that are told at once; older ones are read again when somebody opens them. */
const MAX_CARDS = 500

/** Changes the policy, at once and for every plan that waits: their cards are ruled anew and never become easier. */
export async function setPolicy({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof setPolicyInput>
}): Promise<{ version: number }> {
  requirePermission(ctx, 'managePolicy')
  const { document, expectedVersion } = parseInput(setPolicyInput, raw)
  refuseTwins(document.edits.rules, 'rule')
  refuseTwins([...document.edits.maintenance, ...document.edits.quiet], 'window')
  return ctx.db.$transaction(async (tx) => {
    const { orgId } = ctx.actor
    await tx.orgSettings.upsert({ where: { organizationId: orgId }, create: { organizationId: orgId }, update: {} })
    // Decisions in hand are finished under the old policy; whoever comes after reads the new one.
    await tx.$queryRaw`select 1 from org_settings where organization_id = ${orgId} for update`
    const before = await readOrgPolicy(tx, orgId)
    if (before.version !== expectedVersion)
      throw new ServiceError(
        'conflict',
        'Somebody changed the policy while you were editing it. Look at it again before you save.',
        { version: before.version },
      )
    const version = before.version + 1
    await tx.orgSettings.update({
      where: { organizationId: orgId },
      data: { policyPreset: document.preset, policy: document.edits as Prisma.InputJsonObject, policyVersion: version },
    })
    await appendAudit(tx, ctx, 'policy.changed', `Policy v${version}`, {
      before: before.document as unknown as Prisma.InputJsonObject,
      after: document as unknown as Prisma.InputJsonObject,
    })
    await recordEvent(tx, {
      orgId,
      room: `org:${orgId}`,
      kind: 'policy.changed',
      entityId: orgId,
      entityVersion: version,
    })
    await refreshCards(tx, orgId)
    await lookAtWindows(tx, orgId)
    return { version }
  })
}

function refuseTwins(items: readonly { id: string }[], what: string): void {
  const ids = new Set(items.map((item) => item.id))
  if (ids.size < items.length) throw new ServiceError('invalid', `Two entries are the same ${what}.`)
}

/** Open cards show quorum and windows: whoever looks at one reads it again. */
async function refreshCards(tx: Tx, orgId: string): Promise<void> {
  const where = { orgId, state: { in: ['proposed' as const, 'approved' as const] } }
  await tx.plan.updateMany({ where, data: { version: { increment: 1 } } })
  const open = await tx.plan.findMany({ where, orderBy: { number: 'desc' }, take: MAX_CARDS })
  await recordEvents(
    tx,
    open.map((plan) => ({
      orgId,
      room: `plan:${plan.id}`,
      kind: 'plan.revised',
      entityId: plan.id,
      entityVersion: plan.version,
      data: { state: plan.state },
    })),
  )
}

/** Plans that wait for a window look again: it may be open now, or another one. */
async function lookAtWindows(tx: Tx, orgId: string): Promise<void> {
  const waiting = await tx.planStep.findMany({
    where: { orgId, ordinal: 0, state: 'pending', plan: { state: 'approved', notBefore: { not: null } } },
    select: { id: true },
  })
  for (const { id } of waiting) await enqueue(tx, 'plan-step', { stepId: id }, { key: stepJobKey(id) })
}
