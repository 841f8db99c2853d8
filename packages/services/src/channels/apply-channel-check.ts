import { inert } from '@clawbernetes/protocol/text'
import { alreadyExists } from '../already-exists'
import { type SystemCtx, systemActor, type Tx } from '../context'
import { appendAudit } from '../log/append-audit'
import { enqueuePost } from './put-post'
import { recordChannelEvent } from './record-channel-event'

export interface ChannelFacts {
  teamId: string
  teamName: string
  appId: string | null
  botUserId: string
  botName: string
  publicKey: string | null
  rooms: { id: string; name: string; isPrivate: boolean }[]
}

/** How long a message that could not be brought is still worth bringing. */
const STALE_MS = 24 * 3_600_000

/** The tokens work: who the bot is and where it is stands in the row, and what waited goes out. */
export async function applyChannelCheck(
  sys: SystemCtx,
  input: { connectionId: string; facts: ChannelFacts; problem: string | null },
): Promise<void> {
  const { connectionId, facts } = input
  try {
    await sys.db.$transaction(async (tx) => {
      const before = await tx.channelConnection.findUnique({ where: { id: connectionId } })
      if (!before) return
      const row = await tx.channelConnection.update({
        where: { id: connectionId },
        data: {
          teamId: facts.teamId,
          teamName: inert(facts.teamName, 120),
          appId: facts.appId,
          botUserId: facts.botUserId,
          botName: inert(facts.botName, 120),
          publicKey: facts.publicKey,
          state: 'active',
          problem: input.problem,
          checkedAt: sys.now(),
          version: { increment: 1 },
        },
      })
      await syncRooms(tx, row, facts)
      if (before.state !== 'active') {
        const ctx = systemActor(sys, row.orgId)
        await appendAudit(tx, ctx, 'channel.active', row.id, { platform: row.kind, team: row.teamName ?? '' })
      }
      const waiting = await tx.channelPost.findMany({
        where: { connectionId, state: 'pending', createdAt: { gt: new Date(sys.now().getTime() - STALE_MS) } },
        select: { id: true },
        take: 500,
      })
      for (const post of waiting) await enqueuePost(tx, post.id)
      await recordChannelEvent(tx, row)
    })
  } catch (error) {
    if (!alreadyExists(error)) throw error
    await breakChannel(sys, {
      connectionId,
      problem: 'This bot is already connected, here or in another organisation. Make an app of its own for this one.',
    })
  }
}

async function syncRooms(tx: Tx, row: { id: string; orgId: string }, facts: ChannelFacts): Promise<void> {
  const connectionId = row.id
  await tx.channelRoom.deleteMany({ where: { connectionId, externalId: { notIn: facts.rooms.map((r) => r.id) } } })
  for (const room of facts.rooms) {
    const known = { name: inert(room.name, 120), isPrivate: room.isPrivate }
    await tx.channelRoom.upsert({
      where: { connectionId_externalId: { connectionId, externalId: room.id } },
      create: { connectionId, externalId: room.id, orgId: row.orgId, ...known },
      update: known,
    })
  }
}

/** Nothing can be sent any more until somebody mends it; the settings say why. */
export async function breakChannel(sys: SystemCtx, input: { connectionId: string; problem: string }): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    const before = await tx.channelConnection.findUnique({ where: { id: input.connectionId } })
    if (!before || (before.state === 'broken' && before.problem === input.problem)) return
    const row = await tx.channelConnection.update({
      where: { id: before.id },
      data: { state: 'broken', problem: input.problem, checkedAt: sys.now(), version: { increment: 1 } },
    })
    const ctx = systemActor(sys, row.orgId)
    await appendAudit(tx, ctx, 'channel.broken', row.id, { platform: row.kind, problem: input.problem })
    await recordChannelEvent(tx, row)
  })
}
