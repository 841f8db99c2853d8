/** What an administrator copies when connecting a platform; kept beside the code that needs each right. */

/** What each pasted text looks like; said beside its field before it is sent, and checked again by the server. */
export const PASTED = {
  slackToken: { form: /^xoxb-[\w-]{10,}$/, words: 'A bot token of Slack begins with xoxb-.' },
  slackSecret: {
    form: /^[0-9a-f]{32,64}$/i,
    words: 'The signing secret is 32 letters and digits, under Basic Information.',
  },
  discordToken: {
    form: /^[\w-]{20,}\.[\w-]{4,}\.[\w-]{20,}$/,
    words: 'A bot token of Discord has three parts with dots between.',
  },
  discordGuild: { form: /^\d{15,22}$/, words: 'A server id of Discord has 17 to 20 digits.' },
} as const satisfies Record<string, { form: RegExp; words: string }>

/** null: it looks right; else what is wrong, in words. */
export const pastedProblem = (what: keyof typeof PASTED, text: string): string | null =>
  PASTED[what].form.test(text.trim()) ? null : PASTED[what].words

/** Every right of the Slack app, with what it is for. */
export const SLACK_SCOPES: readonly { scope: string; why: string }[] = [
  { scope: 'app_mentions:read', why: 'hear mentions' },
  { scope: 'chat:write', why: 'answer and post plan cards' },
  { scope: 'im:history', why: 'read direct messages to the app' },
  { scope: 'channels:history', why: 'read replies in its own threads, and find a card again after a crash' },
  { scope: 'groups:history', why: 'the same in private channels that it was invited to' },
  { scope: 'channels:read', why: 'list the channels that it is in' },
  { scope: 'groups:read', why: 'the same for private ones' },
  { scope: 'users:read', why: 'show the name of whoever links an account' },
]

/** The app manifest for this installation; Slack takes it as it is. */
export function slackManifest(baseUrl: string): string {
  const request = `${baseUrl}/api/slack/events`
  return JSON.stringify(
    {
      display_information: {
        name: 'Clawbernetes',
        description: 'Talk to your GPU fleet, and decide on its plans',
        background_color: '#121922',
      },
      features: {
        app_home: { messages_tab_enabled: true, messages_tab_read_only_enabled: false, home_tab_enabled: false },
        bot_user: { display_name: 'Clawbernetes', always_online: true },
      },
      oauth_config: { scopes: { bot: SLACK_SCOPES.map(({ scope }) => scope) } },
      settings: {
        event_subscriptions: {
          request_url: request,
          bot_events: [
            'app_mention',
            'message.im',
            'message.channels',
            'message.groups',
            'member_joined_channel',
            'member_left_channel',
            'app_uninstalled',
            'tokens_revoked',
          ],
        },
        interactivity: { is_enabled: true, request_url: request },
        org_deploy_enabled: false,
        socket_mode_enabled: false,
        token_rotation_enabled: false,
      },
    },
    null,
    2,
  )
}

/** View Channel, Send Messages, Embed Links, Read Message History, Send Messages in Threads. */
const DISCORD_PERMISSIONS = 274_877_991_936n

/** The address at which an administrator of a Discord server invites the bot; null: this is no bot token. */
export function discordInvite(botToken: string): string | null {
  const appId = discordAppId(botToken)
  if (!appId) return null
  const query = `client_id=${appId}&scope=bot+applications.commands&permissions=${DISCORD_PERMISSIONS}`
  return `https://discord.com/oauth2/authorize?${query}`
}

/** A bot token begins with the application's id in base64. */
function discordAppId(botToken: string): string | null {
  const [head = ''] = botToken.trim().split('.')
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  let bits = 0
  let held = 0
  let text = ''
  for (const char of head.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')) {
    const value = ALPHABET.indexOf(char)
    if (value < 0) return null
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      text += String.fromCharCode((held >> bits) & 0xff)
    }
  }
  return /^\d{15,22}$/.test(text) ? text : null
}

/** Slack and Discord call this installation: an address that only this machine knows cannot be called. */
export const isPrivateAddress = (baseUrl: string): boolean =>
  /^https?:\/\/(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\])/.test(baseUrl) ||
  baseUrl.startsWith('http://')
