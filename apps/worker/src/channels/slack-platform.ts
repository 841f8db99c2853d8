import { slackMessage } from '@clawbernetes/domain/channels/slack-message'
import type { ChannelFacts } from '@clawbernetes/services/channels/apply-channel-check'
import type { OpenConnection } from '@clawbernetes/services/channels/find-connections'
import type { ChannelEnv } from './channel-env'
import { type ChannelPlatform, ConnectionBroken, type OutgoingPost, PostRefused } from './channel-platform'
import { callSlack } from './slack-call'

/** Marks our messages, so that one whose answer was lost is found again instead of being sent twice. */
const MARK = 'clawbernetes_post'
const ROOM_PAGES = 5

interface SlackHistory {
  messages?: { ts?: string; metadata?: { event_type?: string; event_payload?: { post?: string } } }[]
}

export function slackPlatform(env: ChannelEnv): ChannelPlatform {
  const payload: ChannelPlatform['payload'] = (message) => slackMessage(message, env.baseUrl)
  const body = (post: OutgoingPost) => ({
    channel: post.channelId,
    ...slackMessage(post.message, env.baseUrl),
    unfurl_links: false,
    unfurl_media: false,
    link_names: false,
    parse: 'none',
    metadata: { event_type: MARK, event_payload: { post: post.postId } },
  })
  return {
    payload,
    post: async (connection, post) => {
      const sent = await callSlack<{ ts?: string }>(env, connection.token, 'chat.postMessage', {
        ...body(post),
        ...(post.replyTo ? { thread_ts: post.replyTo } : {}),
      })
      if (!sent.ts) throw new Error('Slack did not say which message it made.')
      return sent.ts
    },
    update: async (connection, post, externalTs) => {
      await callSlack(env, connection.token, 'chat.update', { ...body(post), ts: externalTs })
    },
    find: (connection, post) => findPost(env, connection, post),
    check: (connection) => checkSlack(env, connection),
  }
}

async function findPost(env: ChannelEnv, { token }: OpenConnection, post: OutgoingPost): Promise<string | null> {
  const where = { channel: post.channelId, limit: 100, include_all_metadata: true }
  try {
    const found = post.replyTo
      ? await callSlack<SlackHistory>(env, token, 'conversations.replies', { ...where, ts: post.replyTo })
      : await callSlack<SlackHistory>(env, token, 'conversations.history', where)
    const mine = found.messages?.find(
      (m) => m.metadata?.event_type === MARK && m.metadata.event_payload?.post === post.postId,
    )
    return mine?.ts ?? null
  } catch (error) {
    // Without the right to read the channel nobody can say; a card twice is better than none.
    if (error instanceof PostRefused) return null
    if (error instanceof ConnectionBroken && error.message.includes('permission')) return null
    throw error
  }
}

async function checkSlack(
  env: ChannelEnv,
  { token }: OpenConnection,
): Promise<{ facts: ChannelFacts; problem: string | null }> {
  const me = await callSlack<{
    team_id?: string
    team?: string
    user_id?: string
    user?: string
    is_enterprise_install?: boolean
  }>(env, token, 'auth.test', {})
  if (me.is_enterprise_install)
    throw new ConnectionBroken('This token is installed for a whole Enterprise Grid. Install the app in one workspace.')
  if (!me.team_id || !me.user_id) throw new ConnectionBroken('Slack did not say which workspace this token belongs to.')
  const rooms: ChannelFacts['rooms'] = []
  let cursor = ''
  for (let page = 0; page < ROOM_PAGES; page++) {
    const answer = await callSlack<{
      channels?: { id: string; name?: string; is_private?: boolean }[]
      response_metadata?: { next_cursor?: string }
    }>(env, token, 'users.conversations', {
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 200,
      ...(cursor ? { cursor } : {}),
    })
    for (const c of answer.channels ?? [])
      rooms.push({ id: c.id, name: c.name ?? c.id, isPrivate: c.is_private ?? false })
    cursor = answer.response_metadata?.next_cursor ?? ''
    if (!cursor) break
  }
  return {
    facts: {
      teamId: me.team_id,
      teamName: me.team ?? me.team_id,
      appId: null,
      botUserId: me.user_id,
      botName: me.user ?? 'Clawbernetes',
      publicKey: null,
      rooms,
    },
    problem: null,
  }
}
