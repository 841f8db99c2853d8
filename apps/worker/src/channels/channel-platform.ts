import type { ChannelMessage } from '@clawbernetes/domain/channels/channel-message'
import type { ChannelFacts } from '@clawbernetes/services/channels/apply-channel-check'
import type { OpenConnection } from '@clawbernetes/services/channels/find-connections'

/** One message of ours, on its way. */
export interface OutgoingPost {
  postId: string
  channelId: string
  replyTo: string | null
  nonce: string
  message: ChannelMessage
  /** Discord: the token of the interaction that this answers, while it is valid. */
  replyToken: string | null
  /** Made a moment ago. */
  young: boolean
}

/** What the deliveries need of a platform. Throws the errors below; anything else is tried again by the queue. */
export interface ChannelPlatform {
  /** What will be sent, for comparing with what stands there. */
  payload(message: ChannelMessage): unknown
  /** Posts and returns the platform's id of the message. */
  post(connection: OpenConnection, post: OutgoingPost): Promise<string>
  /** Brings the message up to date. */
  update(connection: OpenConnection, post: OutgoingPost, externalTs: string): Promise<void>
  /** Looks whether this post arrived although nobody could say so; null: it did not. */
  find(connection: OpenConnection, post: OutgoingPost): Promise<string | null>
  /** Tries the tokens, and tells who and where the bot is. */
  check(connection: OpenConnection): Promise<{ facts: ChannelFacts; problem: string | null }>
}

/** The platform asked to wait. */
export class RateLimited extends Error {
  constructor(readonly retryAfterMs: number) {
    super(`asked to wait ${retryAfterMs} ms`)
    this.name = 'RateLimited'
  }
}

/** Not ready yet; nothing is wrong. */
export class TryLater extends Error {
  constructor(readonly afterMs: number) {
    super(`again in ${afterMs} ms`)
    this.name = 'TryLater'
  }
}

/** The tokens do not work any more: nothing can be sent until somebody mends it. */
export class ConnectionBroken extends Error {
  override name = 'ConnectionBroken'
}

/** This one message cannot be brought, now or later. */
export class PostRefused extends Error {
  override name = 'PostRefused'
}
