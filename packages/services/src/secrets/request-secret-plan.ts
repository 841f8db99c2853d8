import { secretName } from '@clawbernetes/protocol/plans/steps'
import { slugText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import { startThread } from '../chat/send-message'
import { type Ctx, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { planLabel } from '../plans/plan-digest'
import { refuseFrozen, readOrgPolicy } from '../policy/read-org-policy'

export const requestSecretPlanInput = z.object({
  action: z.enum(['create', 'rotate', 'delete']),
  name: secretName,
  /** Service or workload that a new secret is for; null: any. */
  service: slugText.nullable().default(null),
})

const TOOL = { create: 'secret_create', rotate: 'secret_rotate', delete: 'secret_delete' } as const
const SENTENCE = { create: 'Store the secret', rotate: 'Rotate the secret', delete: 'Delete the secret' } as const

/**
 * Asks for the plan that stores, rotates or deletes a secret, with the tool that the chat uses. The card, or why there is none,
 * comes into a conversation of its own. One plan per secret waits at a time.
 */
export async function requestSecretPlan({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof requestSecretPlanInput>
}): Promise<{ threadId: string }> {
  requirePermission(ctx, 'propose')
  const { action, name, service } = parseInput(requestSecretPlanInput, raw)
  const { orgId, userId } = ctx.actor
  if (!userId) throw new ServiceError('forbidden', 'Only a person asks for this.')
  return ctx.db.$transaction(async (tx) => {
    await refuseFrozen(tx, await readOrgPolicy(tx, orgId), 'Nothing is proposed')
    const waiting = await tx.plan.findFirst({
      where: {
        orgId,
        intent: { in: Object.values(TOOL) },
        state: 'proposed',
        expiresAt: { gt: ctx.now() },
        revisions: { some: { content: { path: ['tool', 'args', 'name'], equals: name } } },
      },
      select: { number: true },
    })
    if (waiting)
      throw new ServiceError('conflict', `${planLabel(waiting.number)} already waits for a decision on ${name}.`)
    const text = `${SENTENCE[action]} ${name}`
    const thread = await startThread(tx, ctx, text)
    const args = { name, ...(action === 'create' && service ? { service } : {}) }
    await enqueue(
      tx,
      'plan-draft',
      { orgId, userId, threadId: thread.id, tool: TOOL[action], args, text },
      { key: `draft:${thread.id}`, maxAttempts: 5 },
    )
    await appendAudit(tx, ctx, 'secret.plan-asked', name, { action })
    return { threadId: thread.id }
  })
}
