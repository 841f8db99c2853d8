import type { ChannelPostModel } from '@clawbernetes/db/rows'
import type { SystemCtx } from '../context'
import { type OpenConnection, tryOpen } from './find-connections'
import { enqueuePost } from './put-post'
import { recordChannelEvent } from './record-channel-event'

/** Longer than a request to the platform may take: who holds a post and is silent for so long is dead. */
const LEASE_MS = 15_000
const LOOK_AGAIN_MS = 250
/** One message changes at most once a second. */
const PACE_MS = 1000

export interface ClaimedPost {
  post: ChannelPostModel
  connection: OpenConnection
  /** An earlier attempt may have posted it and died before it could say so. */
  uncertain: boolean
}

/**
 * Takes a post for this worker alone. null: there is nothing to do now; if there will be, a job for it stands in the queue.
 */
export async function claimPost(sys: SystemCtx, input: { postId: string }): Promise<ClaimedPost | null> {
  return sys.db.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from channel_post where id = ${input.postId} for update`
    const row = await tx.channelPost.findUnique({ where: { id: input.postId }, include: { connection: true } })
    if (!row || row.state === 'failed' || row.connection.state !== 'active') return null
    const { connection, ...post } = row
    const now = sys.now()
    const leased = (post.leaseUntil?.getTime() ?? 0) > now.getTime()
    const free = Math.max(
      // Whoever holds it is done in a moment, or dead: looked at again until the lease has run out.
      leased ? now.getTime() + LOOK_AGAIN_MS : 0,
      connection.pausedUntil?.getTime() ?? 0,
      post.sentAt ? post.sentAt.getTime() + PACE_MS : 0,
    )
    if (free > now.getTime()) {
      await enqueuePost(tx, post.id, new Date(free + 10))
      return null
    }
    const open = tryOpen(connection)
    if (!open) {
      const problem = 'The tokens were sealed under another BETTER_AUTH_SECRET. Paste them again.'
      const data = { state: 'broken', problem, version: { increment: 1 } }
      await recordChannelEvent(tx, await tx.channelConnection.update({ where: { id: connection.id }, data }))
      return null
    }
    await tx.channelPost.update({
      where: { id: post.id },
      data: { leaseUntil: new Date(now.getTime() + LEASE_MS), attempts: { increment: 1 } },
    })
    return { post, connection: open, uncertain: post.attempts > 0 && post.externalTs === null }
  })
}

/** What the next showing says stands here before it is sent: a press on it is understood from the first moment. */
export async function announceShowing(
  sys: SystemCtx,
  input: { postId: string; nonce: string; revision: number; digest: string },
): Promise<void> {
  const { postId, ...showing } = input
  await sys.db.channelPost.update({ where: { id: postId }, data: showing })
}

/** It stands on the platform. */
export async function finishPost(
  sys: SystemCtx,
  input: { postId: string; externalTs: string; version: number; hash: string; sent: boolean },
): Promise<void> {
  await sys.db.channelPost.update({
    where: { id: input.postId },
    data: {
      externalTs: input.externalTs,
      shownVersion: input.version,
      shownHash: input.hash,
      state: 'posted',
      problem: null,
      leaseUntil: null,
      ...(input.sent ? { sentAt: sys.now() } : {}),
    },
  })
}

/** It did not work this time. @param input.retryAt when to try again; null: the queue's own back-off, or never when `failed` */
export async function releasePost(
  sys: SystemCtx,
  input: { postId: string; problem: string | null; failed: boolean; retryAt: Date | null },
): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    await tx.channelPost.update({
      where: { id: input.postId },
      data: { leaseUntil: null, problem: input.problem, ...(input.failed ? { state: 'failed' } : {}) },
    })
    if (input.retryAt) await enqueuePost(tx, input.postId, input.retryAt)
  })
}

/** The platform asked for a pause, for everything that goes through this connection. */
export async function pauseChannel(sys: SystemCtx, input: { connectionId: string; until: Date }): Promise<void> {
  await sys.db.channelConnection.updateMany({ where: { id: input.connectionId }, data: { pausedUntil: input.until } })
}

/** One channel could not be written to: the settings say so, the connection goes on. */
export async function noteProblem(sys: SystemCtx, input: { connectionId: string; problem: string }): Promise<void> {
  await sys.db.channelConnection.updateMany({
    where: { id: input.connectionId, state: 'active' },
    data: { problem: input.problem, version: { increment: 1 } },
  })
}
