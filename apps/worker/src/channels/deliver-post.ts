import { createHash } from 'node:crypto'
import {
  announceShowing,
  type ClaimedPost,
  claimPost,
  finishPost,
  noteProblem,
  pauseChannel,
  releasePost,
} from '@clawbernetes/services/channels/claim-post'
import { breakChannel } from '@clawbernetes/services/channels/apply-channel-check'
import { readSubject, type Showing } from '@clawbernetes/services/channels/read-subject'
import type { SystemCtx } from '@clawbernetes/services/context'
import { unseal } from '@clawbernetes/services/secrets/seal'
import type { ChannelEnv } from './channel-env'
import {
  type ChannelPlatform,
  ConnectionBroken,
  type OutgoingPost,
  PostRefused,
  RateLimited,
  TryLater,
} from './channel-platform'
import { platformOf } from './platforms'
import { streamedWords } from './streamed-words'

/** An interaction of Discord is answered with its own token for this long. */
const REPLY_MS = 14 * 60_000
const YOUNG_MS = 60_000

/**
 * Brings one message of ours to what it should show. May run again at any time and after any crash: what stands there already is
 * not sent again, and a message whose answer was lost is looked for before another one is made.
 */
export async function deliverPost(sys: SystemCtx, env: ChannelEnv, input: { postId: string }): Promise<void> {
  const claimed = await claimPost(sys, input)
  if (!claimed) return
  const { post, connection } = claimed
  try {
    const place = { baseUrl: env.baseUrl, streamed: streamedWords }
    const showing = await readSubject(sys, post, connection, place)
    if (!showing) {
      await releasePost(sys, { postId: post.id, problem: 'What it was about is gone.', failed: true, retryAt: null })
      return
    }
    await show(sys, platformOf(connection.kind, env), claimed, showing)
  } catch (error) {
    await settle(sys, claimed, error)
  }
}

async function show(sys: SystemCtx, platform: ChannelPlatform, claimed: ClaimedPost, showing: Showing): Promise<void> {
  const { post, connection, uncertain } = claimed
  const hash = createHash('sha256')
    .update(JSON.stringify(platform.payload(showing.message)))
    .digest('hex')
  const done = (externalTs: string, sent: boolean) =>
    finishPost(sys, { postId: post.id, externalTs, version: showing.version, hash, sent })
  if (post.externalTs && post.shownHash === hash) return done(post.externalTs, false)
  if (showing.decides) await announceShowing(sys, { postId: post.id, nonce: showing.nonce, ...showing.decides })
  const outgoing: OutgoingPost = {
    postId: post.id,
    channelId: post.channelId,
    replyTo: post.replyTo ?? showing.under,
    nonce: showing.nonce,
    message: showing.message,
    replyToken: replyToken(sys, claimed),
    young: sys.now().getTime() - post.createdAt.getTime() < YOUNG_MS,
  }
  const known = post.externalTs ?? (uncertain ? await platform.find(connection, outgoing) : null)
  if (known) {
    await platform.update(connection, outgoing, known)
    return done(known, true)
  }
  return done(await platform.post(connection, outgoing), true)
}

function replyToken(sys: SystemCtx, { post }: ClaimedPost): string | null {
  if (!post.sealedReply || sys.now().getTime() - post.createdAt.getTime() > REPLY_MS) return null
  return unseal(post.sealedReply)
}

/** What a failure means for the post, the connection and the queue. */
async function settle(sys: SystemCtx, { post, connection }: ClaimedPost, error: unknown): Promise<void> {
  const postId = post.id
  if (error instanceof TryLater) {
    const retryAt = new Date(sys.now().getTime() + error.afterMs)
    return releasePost(sys, { postId, problem: null, failed: false, retryAt })
  }
  if (error instanceof RateLimited) {
    const until = new Date(sys.now().getTime() + error.retryAfterMs)
    await pauseChannel(sys, { connectionId: connection.id, until })
    await releasePost(sys, { postId, problem: null, failed: false, retryAt: until })
    return
  }
  if (error instanceof ConnectionBroken) {
    await breakChannel(sys, { connectionId: connection.id, problem: error.message })
    await releasePost(sys, { postId, problem: error.message, failed: false, retryAt: null })
    return
  }
  if (error instanceof PostRefused) {
    await noteProblem(sys, { connectionId: connection.id, problem: `A message could not be posted: ${error.message}` })
    await releasePost(sys, { postId, problem: error.message, failed: true, retryAt: null })
    return
  }
  await releasePost(sys, {
    postId,
    problem: 'The platform did not answer; it is tried again.',
    failed: false,
    retryAt: null,
  })
  throw error
}
