import type { SystemCtx } from '../context'

interface Place {
  connectionId: string
  channelId: string
}

/** Is this thread of the platform a conversation of ours? */
export async function isOurThread({ db }: SystemCtx, place: Place & { threadKey: string }): Promise<boolean> {
  return (await db.channelThread.count({ where: place })) > 0
}

/** May the bot answer in this channel? In one that it does not know yet, and between two, it may. */
export async function answersHere({ db }: SystemCtx, { connectionId, channelId }: Place): Promise<boolean> {
  const room = await db.channelRoom.findUnique({
    where: { connectionId_externalId: { connectionId, externalId: channelId } },
    select: { answers: true },
  })
  return room?.answers ?? true
}
