import type { ChannelEnv } from './channel-env'
import { ConnectionBroken, PostRefused, RateLimited } from './channel-platform'

const TIMEOUT_MS = 10_000
const USER_AGENT = 'DiscordBot (https://github.com/clawbernetes, 0.1)'

const REFUSED: Record<number, string> = {
  10003: 'Discord knows no such channel, or the bot may not see it.',
  10004: 'Discord knows no such server, or the bot is not in it.',
  10008: 'The message was deleted in Discord.',
  50001: 'The bot may not see this channel. Give its role the right to view it.',
  50013: 'The bot lacks a permission in this channel. It needs View Channel, Send Messages and Embed Links.',
  50035: 'Discord refused the layout of the message.',
}

/** An interaction's token is valid for 15 minutes; afterwards only the bot itself can write. */
export class ReplyExpired extends Error {
  override name = 'ReplyExpired'
}

/** One call of Discord's REST API. Without a token the address itself carries the right (answers to interactions). */
export async function callDiscord<T>(
  env: ChannelEnv,
  token: string | null,
  method: 'GET' | 'POST' | 'PATCH' | 'PUT',
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${env.discordApiUrl}${path}`, {
    method,
    headers: {
      'user-agent': USER_AGENT,
      ...(token ? { authorization: `Bot ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const answer = parse(text)
  if (response.ok) return answer as T
  throw meant(response, answer, token === null)
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return null
  }
}

function meant(response: Response, answer: unknown, byReplyToken: boolean): Error {
  const { code, retry_after: retryAfterS } = (answer ?? {}) as { code?: number; retry_after?: number }
  if (response.status === 429) {
    const header = Number(response.headers.get('retry-after') ?? Number.NaN)
    const seconds = retryAfterS ?? (Number.isFinite(header) ? header : 1)
    return new RateLimited(Math.ceil(seconds * 1000))
  }
  if (byReplyToken && (response.status === 401 || response.status === 404)) return new ReplyExpired('the reply expired')
  if (response.status === 401)
    return new ConnectionBroken(
      'Discord does not accept the bot token any more. Reset it in the developer portal and paste the new one.',
    )
  const refused = code === undefined ? undefined : REFUSED[code]
  if (refused) return new PostRefused(refused)
  if (response.status === 403 || response.status === 404)
    return new PostRefused(`Discord refused this (${response.status}${code ? `, code ${code}` : ''}).`)
  return new Error(`Discord answered ${response.status}${code ? `, code ${code}` : ''}`)
}
