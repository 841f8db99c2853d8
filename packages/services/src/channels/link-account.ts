import { CHANNEL_NAMES, type ChannelKind, type ChannelLinkView } from '@clawbernetes/protocol/views/channel'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { actorOfMember } from '../identity/actor-of-member'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { hashLinkCode } from './link-code'
import { recordChannelEvent } from './record-channel-event'

export const linkInput = z.object({ code: z.string().min(10).max(60) })

/** What the code would link to what, before the person says yes. */
export async function readLink({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof linkInput>
}): Promise<ChannelLinkView> {
  const { link, member } = await findLink(ctx, raw)
  const [organization, user] = await Promise.all([
    ctx.db.organization.findUniqueOrThrow({ where: { id: link.orgId }, select: { name: true } }),
    ctx.db.user.findUniqueOrThrow({ where: { id: member.userId ?? '' }, select: { name: true, email: true } }),
  ])
  return {
    kind: link.connection.kind as ChannelKind,
    teamName: link.connection.teamName ?? '',
    externalName: link.externalName,
    organization: organization.name,
    user: { ...user, role: member.role },
    expiresAt: link.expiresAt.toISOString(),
  }
}

/** Links the account of the platform to the signed-in person; the code works once. */
export async function acceptLink({ ctx, input: raw }: { ctx: Ctx; input: z.input<typeof linkInput> }): Promise<void> {
  const { link, member } = await findLink(ctx, raw)
  // The code names the organisation: it need not be the one that the person looks at in the web just now.
  const call: Ctx = { ...ctx, actor: member }
  requirePermission(call, 'chat')
  const userId = member.userId ?? ''
  await ctx.db.$transaction(async (tx) => {
    const used = await tx.channelLink.deleteMany({ where: { codeHash: link.codeHash, expiresAt: { gt: ctx.now() } } })
    if (used.count === 0) throw expired()
    const key = { connectionId: link.connectionId, externalId: link.externalId }
    const before = await tx.channelIdentity.findUnique({ where: { connectionId_externalId: key } })
    const data = { userId, externalName: link.externalName, createdAt: ctx.now() }
    await tx.channelIdentity.upsert({
      where: { connectionId_externalId: key },
      create: { ...key, orgId: link.orgId, ...data },
      update: data,
    })
    await appendAudit(tx, call, 'channel.link', link.connectionId, {
      platform: link.connection.kind,
      account: link.externalId,
      name: link.externalName,
      ...(before && before.userId !== userId ? { before: before.userId } : {}),
    })
    await recordChannelEvent(tx, link.connection)
    if (link.connection.kind !== 'slack') return
    const text = `You are linked: what you write here counts as ${member.userName}, with the role ${member.role}. Ask your question again.`
    await enqueue(
      tx,
      'channel-whisper',
      {
        ...key,
        channelId: link.externalId,
        externalName: link.externalName,
        replyTo: null,
        text,
        link: false,
        sealedReply: null,
      },
      { key: `linked:${link.codeHash.slice(0, 24)}`, maxAttempts: 5 },
    )
  })
}

/** Whose link it is: a member of the organisation that the code belongs to. */
async function findLink(ctx: Ctx, raw: z.input<typeof linkInput>) {
  const { code } = parseInput(linkInput, raw)
  if (ctx.actor.kind !== 'person' || !ctx.actor.userId || ctx.actor.apiKey)
    throw new ServiceError('forbidden', 'Sign in in a browser to link an account.')
  const link = await ctx.db.channelLink.findUnique({
    where: { codeHash: hashLinkCode(code) },
    include: { connection: true },
  })
  if (!link || link.expiresAt <= ctx.now()) throw expired()
  try {
    const member = await actorOfMember(ctx.db, link.orgId, ctx.actor.userId, 'person', ctx.actor.via)
    return { link, member }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    throw new ServiceError(
      'forbidden',
      `This link belongs to an organisation that you are not a member of. Ask for an invitation first, then write in ${CHANNEL_NAMES[link.connection.kind as ChannelKind]} again.`,
    )
  }
}

const expired = () =>
  new ServiceError('expired', 'This link has been used or has expired. Write to the bot again to get a new one.')

/** Takes the link back: one's own, or as an administrator anybody's. */
export async function unlinkAccount({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { connectionId: string; externalId: string }
}): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const where = { ...input, orgId: ctx.actor.orgId }
    const row = await tx.channelIdentity.findFirst({ where, include: { connection: true } })
    if (!row) throw notFound('link')
    requirePermission(ctx, row.userId === ctx.actor.userId ? 'read' : 'manageChannels')
    await tx.channelIdentity.deleteMany({ where })
    await appendAudit(tx, ctx, 'channel.unlink', row.connectionId, { account: row.externalId, user: row.userId })
    await recordChannelEvent(tx, row.connection)
  })
}
