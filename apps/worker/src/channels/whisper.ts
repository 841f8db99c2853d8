import { linkButton } from '@clawbernetes/domain/channels/channel-message'
import { sayingOf } from '@clawbernetes/domain/channels/sayings'
import { slackMessage } from '@clawbernetes/domain/channels/slack-message'
import { readConnection } from '@clawbernetes/services/channels/find-connections'
import { createLinkCode, LINK_MINUTES } from '@clawbernetes/services/channels/link-code'
import { breakChannel } from '@clawbernetes/services/channels/apply-channel-check'
import type { SystemCtx } from '@clawbernetes/services/context'
import { enqueue, type Tasks } from '@clawbernetes/services/jobs/enqueue'
import type { ChannelEnv } from './channel-env'
import { ConnectionBroken, PostRefused, RateLimited } from './channel-platform'
import { callSlack } from './slack-call'

type Whisper = Tasks['channel-whisper']

/** Words that only one person sees: a refusal, or the way to link an account. In Slack; Discord's are part of its answer. */
export async function whisper(sys: SystemCtx, env: ChannelEnv, input: Whisper): Promise<void> {
  const connection = await readConnection(sys, input.connectionId)
  if (!connection || connection.kind !== 'slack') return
  const said = sayingOf(input.text)
  if (input.link) {
    const externalName = await nameOf(env, connection.token, input)
    const code = await createLinkCode(sys, connection, { externalId: input.externalId, externalName })
    said.parts.push(
      {
        kind: 'buttons',
        nonce: `link.${input.externalId}`,
        items: [linkButton('Link my account', `${env.baseUrl}/link/${code}`)],
      },
      { kind: 'note', text: `The link is yours alone, works once, and for ${LINK_MINUTES} minutes.` },
    )
  }
  const body = { ...slackMessage(said, env.baseUrl), unfurl_links: false, unfurl_media: false, parse: 'none' }
  // Between two there is nobody to hide it from.
  const direct = input.channelId.startsWith('D') || input.channelId === input.externalId
  try {
    await callSlack(env, connection.token, direct ? 'chat.postMessage' : 'chat.postEphemeral', {
      ...body,
      channel: input.channelId,
      ...(direct ? {} : { user: input.externalId }),
      ...(input.replyTo ? { thread_ts: input.replyTo } : {}),
    })
  } catch (error) {
    if (error instanceof ConnectionBroken)
      return breakChannel(sys, { connectionId: connection.id, problem: error.message })
    // Somebody who has left the channel cannot be told.
    if (error instanceof PostRefused) return
    if (!(error instanceof RateLimited)) throw error
    const runAt = new Date(sys.now().getTime() + error.retryAfterMs)
    await enqueue(sys.db, 'channel-whisper', input, { key: whisperKey(input), runAt })
  }
}

/** What the person is called in Slack; the id when the app may not read it. */
async function nameOf(env: ChannelEnv, token: string, input: Whisper): Promise<string> {
  try {
    const { user } = await callSlack<{ user?: { real_name?: string; profile?: { display_name?: string } } }>(
      env,
      token,
      'users.info',
      { user: input.externalId },
    )
    return user?.profile?.display_name || user?.real_name || input.externalName
  } catch (error) {
    if (error instanceof ConnectionBroken || error instanceof PostRefused) return input.externalName
    throw error
  }
}

/** One person is told the same once, however often the message that led to it is delivered. */
export const whisperKey = (w: Whisper): string =>
  `whisper:${w.connectionId}:${w.channelId}:${w.externalId}:${w.replyTo ?? ''}:${w.link}`
