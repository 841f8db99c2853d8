import { linkButton } from '@clawbernetes/domain/channels/channel-message'
import { discordAct, readDiscordAct } from '@clawbernetes/domain/channels/discord-message'
import { sayingOf } from '@clawbernetes/domain/channels/sayings'
import { channelCaller } from '@clawbernetes/services/channels/channel-caller'
import { answersHere } from '@clawbernetes/services/channels/channel-place'
import { readChoice } from '@clawbernetes/services/channels/choose-in-channel'
import { decideInChannel, findShowing } from '@clawbernetes/services/channels/decide-in-channel'
import type { OpenConnection } from '@clawbernetes/services/channels/find-connections'
import { createLinkCode, LINK_MINUTES } from '@clawbernetes/services/channels/link-code'
import { receiveMessage } from '@clawbernetes/services/channels/receive-message'
import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { InteractionResponseFlags, InteractionResponseType, InteractionType } from 'discord-interactions'
import type { ChannelEnv } from '../../channels/channel-env'
import type { Interaction } from './interaction'
import { type InteractionAnswer, privateMessage, privately } from './private-answer'

/** Public, private and announcement threads. */
const THREAD_TYPES = [10, 11, 12]

/** A proved interaction becomes its answer; what takes longer than an answer is filled in by a job. */
export async function answerInteraction(
  sys: SystemCtx,
  env: ChannelEnv,
  connection: OpenConnection,
  said: Interaction,
): Promise<InteractionAnswer> {
  const user = said.member?.user
  if (!user || !said.channel_id) return privately('Use me inside the server.')
  try {
    const ctx = await channelCaller(sys, connection, user.id)
    if (!ctx) return await offerLink(sys, env, connection, { id: user.id, name: user.global_name ?? user.username })
    if (said.type === InteractionType.APPLICATION_COMMAND) return await ask(sys, ctx, connection, said)
    const act = readDiscordAct(said.data?.custom_id ?? '')
    if (!act) return privately('This button is not one of ours.')
    if (said.type === InteractionType.MESSAGE_COMPONENT) return await press(ctx, connection, said, act)
    if (said.type === InteractionType.MODAL_SUBMIT) return await reject(ctx, connection, said, act)
    return privately('I do not understand this.')
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return privately(error.message)
  }
}

async function offerLink(
  sys: SystemCtx,
  env: ChannelEnv,
  connection: OpenConnection,
  person: { id: string; name: string },
): Promise<InteractionAnswer> {
  const code = await createLinkCode(sys, connection, { externalId: person.id, externalName: person.name })
  const said = sayingOf(
    'I do not know who you are in Clawbernetes yet. Link your account once; what you write here then counts with your own rights.',
  )
  said.parts.push(
    { kind: 'buttons', nonce: 'link', items: [linkButton('Link my account', `${env.baseUrl}/link/${code}`)] },
    { kind: 'note', text: `The link is yours alone, works once, and for ${LINK_MINUTES} minutes.` },
  )
  return privateMessage(said, env.baseUrl)
}

async function ask(
  sys: SystemCtx,
  ctx: Ctx,
  connection: OpenConnection,
  said: Interaction,
): Promise<InteractionAnswer> {
  const [command] = said.data?.options ?? []
  const text = command?.options.find((o) => o.name === 'text')?.value
  if (said.data?.name !== 'claw' || typeof text !== 'string') return privately('Use /claw ask and your words.')
  const place = { connectionId: connection.id, channelId: said.channel_id ?? '' }
  if (!(await answersHere(sys, place))) return privately('I do not answer in this channel.')
  return say(ctx, connection, said, { text, key: `discord:${said.id}`, fresh: command?.name === 'new' })
}

/** Stores the words and tells Discord that the answer is being written; the job fills it in. */
async function say(
  ctx: Ctx,
  connection: OpenConnection,
  said: Interaction,
  words: { text: string; key: string; fresh: boolean },
): Promise<InteractionAnswer> {
  const inThread = THREAD_TYPES.includes(said.channel?.type ?? -1)
  await receiveMessage({
    ctx,
    input: {
      connectionId: connection.id,
      channelId: said.channel_id ?? '',
      threadKey: inThread ? 'thread' : `user:${said.member?.user.id ?? ''}`,
      replyTo: null,
      lasting: inThread,
      fresh: words.fresh,
      text: words.text,
      deliveryKey: words.key,
      replyToken: said.token,
    },
  })
  return { type: InteractionResponseType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE }
}

type Act = NonNullable<ReturnType<typeof readDiscordAct>>

const about = (said: Interaction, act: Act) => ({
  channelId: said.channel_id ?? '',
  // The question "really?" is a message of its own that only one person sees: the nonce still names the card.
  messageTs: said.message && (said.message.flags & InteractionResponseFlags.EPHEMERAL) === 0 ? said.message.id : null,
  nonce: act.nonce,
  value: act.value,
})

async function press(ctx: Ctx, connection: OpenConnection, said: Interaction, act: Act): Promise<InteractionAnswer> {
  if (act.act === 'test') return privately('This is a test card: nothing was decided and nothing changes.')
  if (act.act === 'choice') {
    const choice = await readChoice(ctx, act.value)
    return say(ctx, connection, said, { text: choice.text, key: choice.key, fresh: false })
  }
  const where = about(said, act)
  if (act.act === 'plan.approve')
    return privately((await decideInChannel(ctx, connection, { ...where, decision: 'approve' })).text)
  if (act.act !== 'plan.confirm' && act.act !== 'plan.reject') return privately('This button is not one of ours.')
  const decision = act.act === 'plan.reject' ? 'reject' : 'approve'
  const { plan } = await findShowing(ctx, connection, { ...where, decision })
  if (plan.state !== 'proposed')
    // The decision's own words tell who was first.
    return privately((await decideInChannel(ctx, connection, { ...where, decision })).text)
  return decision === 'approve' ? really(plan.number, act) : dialogue(plan.number, act)
}

/** Medium risk asks once more, and only the person who pressed. */
function really(planNumber: number, act: Act): InteractionAnswer {
  const asked = sayingOf(
    `Approve PL-${planNumber}? It starts at once. What it does stands on the card above.`,
    'waiting',
  )
  asked.parts.push({
    kind: 'buttons',
    nonce: act.nonce,
    items: [{ act: 'plan.approve', label: 'Approve', style: 'primary', value: act.value, url: null, confirm: null }],
  })
  return privateMessage(asked, '')
}

const dialogue = (planNumber: number, act: Act): InteractionAnswer => ({
  type: InteractionResponseType.MODAL,
  data: {
    custom_id: discordAct('plan.reject', act.value, act.nonce),
    title: `Reject PL-${planNumber}`,
    components: [
      {
        type: 1,
        components: [
          {
            type: 4,
            custom_id: 'reason',
            style: 2,
            label: 'Reason, for the agent to propose better',
            required: false,
            max_length: 500,
          },
        ],
      },
    ],
  },
})

async function reject(ctx: Ctx, connection: OpenConnection, said: Interaction, act: Act): Promise<InteractionAnswer> {
  const fields = said.data?.components?.flatMap((row) => row.components) ?? []
  const reason = fields.find((f) => f.custom_id === 'reason')?.value.trim() || null
  const decided = await decideInChannel(ctx, connection, { ...about(said, act), decision: 'reject', reason })
  return privately(decided.text)
}
