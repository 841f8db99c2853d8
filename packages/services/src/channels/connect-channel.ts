import { PASTED } from '@clawbernetes/domain/channels/channel-setup'
import { CHANNEL_NAMES } from '@clawbernetes/protocol/views/channel'
import * as z from 'zod'
import { alreadyExists } from '../already-exists'
import { type Ctx, newId, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { seal } from '../secrets/seal'
import { recordChannelEvent } from './record-channel-event'

const MAX_CONNECTIONS = 20
const pasted = (what: keyof typeof PASTED) => z.string().trim().max(400).regex(PASTED[what].form, PASTED[what].words)

export const connectChannelInput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('slack'),
    /** Gives an existing connection new tokens. */
    connectionId: z.string().max(60).nullable().default(null),
    botToken: pasted('slackToken'),
    signingSecret: pasted('slackSecret'),
  }),
  z.object({
    kind: z.literal('discord'),
    connectionId: z.string().max(60).nullable().default(null),
    botToken: pasted('discordToken'),
    guildId: pasted('discordGuild'),
  }),
])

/** Keeps the tokens sealed and has a worker try them; the state tells what came of it. */
export async function connectChannel({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof connectChannelInput>
}): Promise<{ connectionId: string }> {
  requirePermission(ctx, 'manageChannels')
  const input = parseInput(connectChannelInput, raw)
  const at = ctx.now()
  const fresh = {
    kind: input.kind,
    sealedToken: seal(input.botToken),
    sealedSecret: input.kind === 'slack' ? seal(input.signingSecret) : null,
    state: 'checking',
    problem: null,
    ...(input.kind === 'discord' ? { teamId: input.guildId } : {}),
  }
  try {
    return await ctx.db.$transaction(async (tx) => {
      const { orgId } = ctx.actor
      const known = input.connectionId
        ? await tx.channelConnection.findFirst({ where: { id: input.connectionId, orgId, kind: input.kind } })
        : null
      if (input.connectionId && !known) throw notFound('connection')
      if (!known && (await tx.channelConnection.count({ where: { orgId } })) >= MAX_CONNECTIONS)
        throw new ServiceError('conflict', `At most ${MAX_CONNECTIONS} connections. Disconnect one first.`)
      const row = known
        ? await tx.channelConnection.update({ where: { id: known.id }, data: { ...fresh, version: { increment: 1 } } })
        : await tx.channelConnection.create({
            data: { id: newId('channel', at), orgId, createdBy: ctx.actor.userId ?? 'system', createdAt: at, ...fresh },
          })
      await enqueue(tx, 'channel-check', { connectionId: row.id }, { key: `channel-check:${row.id}` })
      await appendAudit(tx, ctx, known ? 'channel.tokens-replaced' : 'channel.connect', row.id, {
        platform: CHANNEL_NAMES[input.kind],
      })
      await recordChannelEvent(tx, row)
      return { connectionId: row.id }
    })
  } catch (error) {
    if (alreadyExists(error)) throw new ServiceError('conflict', 'This server is already connected with this bot.')
    throw error
  }
}
