import type { ChannelConnectionView, ChannelKind } from '@clawbernetes/protocol/views/channel'
import { type Ctx, requirePermission } from '../context'

/** The organisation's connections with their channels and linked people; nothing secret. */
export async function listChannels({ ctx }: { ctx: Ctx }): Promise<ChannelConnectionView[]> {
  requirePermission(ctx, 'read')
  const rows = await ctx.db.channelConnection.findMany({
    where: { orgId: ctx.actor.orgId },
    orderBy: { createdAt: 'asc' },
    include: { rooms: { orderBy: { name: 'asc' } }, identities: { orderBy: { createdAt: 'asc' } } },
  })
  const ids = rows.flatMap((r) => [r.createdBy, ...r.identities.map((i) => i.userId)])
  const users = await ctx.db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  const nameOf = (id: string) => users.find((u) => u.id === id)?.name ?? 'Someone'
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as ChannelKind,
    teamId: row.teamId,
    teamName: row.teamName,
    appId: row.appId,
    botName: row.botName,
    state: row.state as ChannelConnectionView['state'],
    problem: row.problem,
    approveRole: row.approveRole,
    rooms: row.rooms.map((room) => ({
      id: room.externalId,
      name: room.name,
      isPrivate: room.isPrivate,
      answers: room.answers,
      planWaiting: room.planWaiting,
      planFinished: room.planFinished,
      findings: room.findings,
      emergency: room.emergency,
    })),
    people: row.identities.map((i) => ({
      externalId: i.externalId,
      externalName: i.externalName,
      userId: i.userId,
      userName: nameOf(i.userId),
      linkedAt: i.createdAt.toISOString(),
    })),
    createdBy: nameOf(row.createdBy),
    createdAt: row.createdAt.toISOString(),
    checkedAt: row.checkedAt?.toISOString() ?? null,
  }))
}
