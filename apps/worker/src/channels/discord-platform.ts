import { discordMessage } from '@clawbernetes/domain/channels/discord-message'
import type { ChannelFacts } from '@clawbernetes/services/channels/apply-channel-check'
import type { OpenConnection } from '@clawbernetes/services/channels/find-connections'
import {
  type APIChannel,
  type APIGuild,
  type APIMessage,
  type APIUser,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ChannelType,
} from 'discord-api-types/v10'
import type { ChannelEnv } from './channel-env'
import { type ChannelPlatform, ConnectionBroken, type OutgoingPost, PostRefused, TryLater } from './channel-platform'
import { callDiscord, ReplyExpired } from './discord-call'

/** What people type: `/claw ask` goes on with the talk, `/claw new` begins another one. */
const COMMANDS = [
  {
    name: 'claw',
    type: ApplicationCommandType.ChatInput,
    description: 'Talk to Clawbernetes about the fleet',
    options: ['ask', 'new'].map((name) => ({
      type: ApplicationCommandOptionType.Subcommand,
      name,
      description: name === 'ask' ? 'Ask, or say what you want done' : 'The same, in a new conversation',
      options: [
        {
          type: ApplicationCommandOptionType.String,
          name: 'text',
          description: 'In your own words',
          required: true,
          max_length: 4000,
        },
      ],
    })),
  },
]

export function discordPlatform(env: ChannelEnv): ChannelPlatform {
  const body = (post: OutgoingPost) => discordMessage(post.message, env.baseUrl)
  const reply = (connection: OpenConnection, token: string) =>
    `/webhooks/${connection.appId ?? ''}/${token}/messages/@original`
  const message = (post: OutgoingPost, id: string) => `/channels/${post.channelId}/messages/${id}`
  return {
    payload: (m) => discordMessage(m, env.baseUrl),
    post: async (connection, post) => {
      if (post.replyToken) {
        try {
          // Filling in the deferred answer may be repeated without harm.
          const sent = await callDiscord<APIMessage>(env, null, 'PATCH', reply(connection, post.replyToken), body(post))
          return sent.id
        } catch (error) {
          if (!(error instanceof ReplyExpired)) throw error
          // Discord may not have taken our "thinking" yet: it comes back within a moment.
          if (post.young) throw new TryLater(500)
        }
      }
      const sent = await callDiscord<APIMessage>(
        env,
        connection.token,
        'POST',
        `/channels/${post.channelId}/messages`,
        {
          ...body(post),
          nonce: nonceOf(post),
          enforce_nonce: true,
        },
      )
      return sent.id
    },
    update: async (connection, post, externalTs) => {
      if (post.replyToken) {
        try {
          await callDiscord(env, null, 'PATCH', reply(connection, post.replyToken), body(post))
          return
        } catch (error) {
          if (!(error instanceof ReplyExpired)) throw error
        }
      }
      await callDiscord(env, connection.token, 'PATCH', message(post, externalTs), body(post))
    },
    find: async (connection, post) => {
      if (post.replyToken) return null
      try {
        const recent = await callDiscord<APIMessage[]>(
          env,
          connection.token,
          'GET',
          `/channels/${post.channelId}/messages?limit=50`,
        )
        const mine = recent.find(
          (m) =>
            m.author.id === connection.botUserId &&
            (String(m.nonce ?? '') === nonceOf(post) || JSON.stringify(m.components ?? []).includes(`|${post.nonce}|`)),
        )
        return mine?.id ?? null
      } catch (error) {
        // Without the right to read the channel Discord's own check of the nonce has to do.
        if (error instanceof PostRefused) return null
        throw error
      }
    },
    check: (connection) => checkDiscord(env, connection),
  }
}

/** Discord drops a second message with the same nonce for some minutes; at most 25 characters. */
const nonceOf = (post: OutgoingPost): string => post.postId.slice(-25)

async function checkDiscord(
  env: ChannelEnv,
  { token, teamId: guildId }: OpenConnection,
): Promise<{ facts: ChannelFacts; problem: string | null }> {
  const get = <T>(path: string) => callDiscord<T>(env, token, 'GET', path)
  try {
    const app = await get<{ id: string; name: string; verify_key: string }>('/applications/@me')
    const me = await get<APIUser>('/users/@me')
    const guild = await get<APIGuild>(`/guilds/${guildId}`)
    const channels = await get<APIChannel[]>(`/guilds/${guildId}/channels`)
    await callDiscord(env, token, 'PUT', `/applications/${app.id}/guilds/${guildId}/commands`, COMMANDS)
    const text: ChannelType[] = [ChannelType.GuildText, ChannelType.GuildAnnouncement]
    const rooms = channels
      .filter((c) => text.includes(c.type))
      .map((c) => ({ id: c.id, name: c.name ?? c.id, isPrivate: false }))
    return {
      facts: {
        teamId: guild.id,
        teamName: guild.name,
        appId: app.id,
        botUserId: me.id,
        botName: me.username,
        publicKey: app.verify_key,
        rooms,
      },
      problem: null,
    }
  } catch (error) {
    if (error instanceof PostRefused)
      throw new ConnectionBroken(
        'The bot is not in this server, or the server id is wrong. Invite it with the link below, then check again.',
      )
    throw error
  }
}
