import type { webApi } from '@slack/bolt'
import type { ChannelEnv } from './channel-env'
import { ConnectionBroken, PostRefused, RateLimited } from './channel-platform'

/** Below the lease of a post. */
const TIMEOUT_MS = 10_000

const BROKEN: Record<string, string> = {
  invalid_auth: 'Slack does not accept the token any more (invalid_auth). Paste the bot token of the app again.',
  not_authed: 'Slack received no token (not_authed). Paste the bot token of the app again.',
  account_inactive:
    'The bot was removed from the workspace (account_inactive). Install the app again and paste its token.',
  token_revoked: 'The token was revoked in Slack (token_revoked). Install the app again and paste the new token.',
  token_expired: 'The token has expired (token_expired). Install the app again and paste the new token.',
  missing_scope:
    'The app lacks a permission that it needs (missing_scope). Use the manifest shown here, reinstall the app and paste the token.',
  team_access_not_granted:
    'The workspace does not let the app in (team_access_not_granted). An owner of the workspace has to allow it.',
}
const REFUSED: Record<string, string> = {
  channel_not_found: 'Slack knows no such channel, or the app may not see it.',
  not_in_channel: 'The app is not in the channel. Invite it with /invite.',
  is_archived: 'The channel is archived.',
  restricted_action: 'The workspace does not let the app write in this channel.',
  msg_too_long: 'Slack refused the message because it is too long.',
  invalid_blocks: 'Slack refused the layout of the message.',
  message_not_found: 'The message was deleted in Slack.',
  cant_update_message: 'Slack does not let the app change this message.',
  thread_not_found: 'The thread was deleted in Slack.',
  user_not_in_channel: 'The person is not in the channel.',
}

type Client = InstanceType<typeof webApi.WebClient>
const clients = new Map<string, Client>()

/** One call of Slack's Web API; every refusal becomes one of our three errors or is tried again by the queue. */
export async function callSlack<T extends object>(
  env: ChannelEnv,
  token: string,
  method: string,
  options: Record<string, unknown>,
): Promise<T> {
  // The library is large and only needed where Slack is connected.
  const { webApi: api } = await import('@slack/bolt')
  const key = `${env.slackApiUrl} ${token}`
  let client = clients.get(key)
  if (!client) {
    client = new api.WebClient(token, {
      slackApiUrl: env.slackApiUrl,
      timeout: TIMEOUT_MS,
      // The queue repeats, and it survives this process.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logLevel: api.LogLevel.ERROR,
      allowAbsoluteUrls: false,
    })
    if (clients.size > 50) clients.clear()
    clients.set(key, client)
  }
  try {
    return (await client.apiCall(method, options)) as unknown as T
  } catch (error) {
    throw meant(error)
  }
}

function meant(error: unknown): unknown {
  const { code, retryAfter, data } = error as { code?: string; retryAfter?: number; data?: { error?: string } }
  if (code === 'slack_webapi_rate_limited_error') return new RateLimited((retryAfter ?? 1) * 1000)
  if (code !== 'slack_webapi_platform_error' || !data?.error) return error
  const broken = BROKEN[data.error]
  if (broken) return new ConnectionBroken(broken)
  const refused = REFUSED[data.error]
  return refused ? new PostRefused(refused) : error
}
