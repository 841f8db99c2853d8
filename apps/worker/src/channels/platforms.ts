import type { ChannelKind } from '@clawbernetes/protocol/views/channel'
import type { ChannelEnv } from './channel-env'
import type { ChannelPlatform } from './channel-platform'
import { discordPlatform } from './discord-platform'
import { slackPlatform } from './slack-platform'

const MAKE = { slack: slackPlatform, discord: discordPlatform } satisfies Record<
  ChannelKind,
  (env: ChannelEnv) => ChannelPlatform
>

export const platformOf = (kind: ChannelKind, env: ChannelEnv): ChannelPlatform => MAKE[kind](env)
