/** Where this installation and the platforms are reached; the platforms' addresses may be a proxy's. */
export interface ChannelEnv {
  baseUrl: string
  slackApiUrl: string
  discordApiUrl: string
}

const bare = (url: string): string => url.replace(/\/+$/, '')

export const channelEnv = (env: NodeJS.ProcessEnv = process.env): ChannelEnv => ({
  baseUrl: bare(env.PUBLIC_URL ?? env.BETTER_AUTH_URL ?? `http://localhost:${env.PORT ?? 3000}`),
  slackApiUrl: `${bare(env.SLACK_API_URL ?? 'https://slack.com/api')}/`,
  discordApiUrl: bare(env.DISCORD_API_URL ?? 'https://discord.com/api/v10'),
})
