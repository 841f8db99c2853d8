import { wordsFromSlack } from '@clawbernetes/domain/channels/slack-words'
import { channelCaller } from '@clawbernetes/services/channels/channel-caller'
import { answersHere, isOurThread } from '@clawbernetes/services/channels/channel-place'
import type { OpenConnection } from '@clawbernetes/services/channels/find-connections'
import { receiveMessage } from '@clawbernetes/services/channels/receive-message'
import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { tell, tellLink } from './slack-tell'

/** What a message event says, as far as we read it. */
export interface SlackWords {
  mentioned: boolean
  channel: string
  ts: string
  user?: string | undefined
  text?: string | undefined
  thread_ts?: string | undefined
  channel_type?: string | undefined
  subtype?: string | undefined
  bot_id?: string | undefined
}

/** Of all subtypes only these are a person who says something. */
const SPOKEN = [undefined, 'thread_broadcast', 'file_share']

/**
 * A mention, a direct message, or a reply in a thread of ours. Slack delivers at least once and a mention twice (as a mention and as a
 * message): the message's place and time name it, so that it counts once.
 */
export async function hearSlack(
  sys: SystemCtx,
  connection: OpenConnection,
  event: object & { mentioned: boolean },
): Promise<void> {
  const said = event as SlackWords
  if (!said.user || said.bot_id || !SPOKEN.includes(said.subtype) || said.user === connection.botUserId) return
  const direct = said.channel_type === 'im' || said.channel.startsWith('D')
  const threadKey = said.thread_ts ?? (direct ? 'dm' : said.ts)
  const place = { connectionId: connection.id, channelId: said.channel }
  const person = { ...place, externalId: said.user, replyTo: said.thread_ts ?? null }
  if (!said.mentioned && !direct) {
    // Of what people say to one another only replies in our own threads are meant for us; a mention comes by itself.
    if (!said.thread_ts || (said.text ?? '').includes(`<@${connection.botUserId}`)) return
    if (!(await isOurThread(sys, { ...place, threadKey }))) return
  }
  try {
    const ctx = await channelCaller(sys, connection, said.user)
    if (!ctx) return void (await tellLink(sys, person))
    if (!(await answersHere(sys, place)))
      return void (await tell(sys, person, 'I do not answer in this channel. Write to me directly.'))
    const text = wordsFromSlack(said.text ?? '', connection.botUserId ?? '')
    if (text === '')
      return void (await tell(sys, person, 'Write what you want to know or do, for example: what needs attention?'))
    await receiveMessage({
      ctx,
      input: {
        ...place,
        threadKey,
        replyTo: threadKey === 'dm' ? null : threadKey,
        lasting: threadKey !== 'dm',
        text,
        deliveryKey: `slack:${said.channel}:${said.ts}`,
      },
    })
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    await tell(sys, person, error.message)
  }
}
