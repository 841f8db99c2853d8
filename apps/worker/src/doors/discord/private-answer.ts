import { type DiscordMessage, discordMessage } from '@clawbernetes/domain/channels/discord-message'
import type { ChannelMessage } from '@clawbernetes/domain/channels/channel-message'
import { sayingOf } from '@clawbernetes/domain/channels/sayings'
import { InteractionResponseFlags, InteractionResponseType } from 'discord-interactions'

/** An answer to an interaction, as Discord takes it. */
export interface InteractionAnswer {
  type: InteractionResponseType
  data?: (DiscordMessage & { flags: number }) | Record<string, unknown>
}

/** Words that only the person who asked sees. */
export const privately = (text: string): InteractionAnswer => privateMessage(sayingOf(text), '')

export const privateMessage = (message: ChannelMessage, baseUrl: string): InteractionAnswer => ({
  type: InteractionResponseType.CHANNEL_MESSAGE_WITH_SOURCE,
  data: { ...discordMessage(message, baseUrl), flags: InteractionResponseFlags.EPHEMERAL },
})
