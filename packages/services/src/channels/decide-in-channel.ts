import { refusalInChannel } from '@clawbernetes/domain/channels/channel-approval'
import { needsWeb } from '@clawbernetes/domain/channels/plan-card'
import { CHANNEL_NAMES } from '@clawbernetes/protocol/views/channel'
import { plainText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import { type Decided, decide } from '../approvals/decide'
import type { Ctx } from '../context'
import { ServiceError } from '../errors'
import { parseInput } from '../parse-input'
import { readPlan } from '../plans/read-plan'
import type { OpenConnection } from './find-connections'

export const decideInChannelInput = z.object({
  channelId: z.string().max(60),
  /** The platform's id of the message that the button is on. */
  messageTs: z.string().max(60).nullable(),
  nonce: z.string().min(8).max(60),
  /** `plan:revision`, as the button says. */
  value: z.string().regex(/^plan_[0-9a-z]{26}:\d{1,6}$/, 'This button is not one of ours.'),
  decision: z.enum(['approve', 'reject']),
  reason: plainText(500).nullable().default(null),
})

/**
 * A press on a card's button, or a reason sent with it. What the person saw is not in the button: the nonce names the showing of the
 * card, which this side posted, and the showing names revision and digest. The decision itself is the one that every door uses.
 */
export async function decideInChannel(
  ctx: Ctx,
  connection: Pick<OpenConnection, 'id' | 'kind' | 'approveRole'>,
  raw: z.input<typeof decideInChannelInput>,
): Promise<Decided> {
  const { post, plan, revision, input } = await findShowing(ctx, connection, raw)
  const { label } = plan
  if (post.revision === null || post.digest === null || revision !== post.revision)
    throw new ServiceError('conflict', `${label} r${revision} was replaced. Look at the newest card first.`)
  return decide({
    ctx,
    input: {
      planId: plan.id,
      revision,
      digest: post.digest,
      decision: input.decision,
      reason: input.reason,
    },
  })
}

/** What a press is about, after every check but the last one; also before a reason is asked for. */
export async function findShowing(
  ctx: Ctx,
  connection: Pick<OpenConnection, 'id' | 'kind' | 'approveRole'>,
  raw: z.input<typeof decideInChannelInput>,
) {
  const input = parseInput(decideInChannelInput, raw)
  const platform = CHANNEL_NAMES[connection.kind]
  const refusal = refusalInChannel(connection.approveRole, ctx.actor.role, platform)
  if (refusal) throw new ServiceError('forbidden', refusal)
  const [planId = '', revisionText = ''] = input.value.split(':')
  const post = await ctx.db.channelPost.findUnique({ where: { nonce: input.nonce } })
  const ours =
    post !== null &&
    post.connectionId === connection.id &&
    post.orgId === ctx.actor.orgId &&
    post.channelId === input.channelId &&
    post.kind === 'plan' &&
    post.subjectId === planId &&
    (post.externalTs === null || input.messageTs === null || post.externalTs === input.messageTs)
  if (!ours)
    throw new ServiceError(
      'conflict',
      'This card is not the newest one of its plan. Look at the newest card, or open it in the web.',
    )
  const plan = await readPlan({ ctx, input: { planId } })
  if (plan.state === 'proposed' && needsWeb(plan))
    throw new ServiceError('forbidden', `${plan.label} has to be decided in the web: ${plan.risk} risk.`)
  return { post, plan, revision: Number(revisionText), input }
}

/** A typed yes or no that came through a platform obeys the same rule as its buttons. Throws `forbidden`. */
export async function requireDecisionHere(ctx: Ctx, threadId: string): Promise<void> {
  const { via, orgId, role } = ctx.actor
  if (via !== 'slack' && via !== 'discord') return
  const place = await ctx.db.channelThread.findFirst({
    where: { threadId, orgId, connection: { kind: via } },
    include: { connection: { select: { approveRole: true } } },
  })
  const refusal = refusalInChannel(place?.connection.approveRole ?? 'nobody', role, CHANNEL_NAMES[via])
  if (refusal) throw new ServiceError('forbidden', refusal)
}
