import type { SystemCtx } from '../context'

/** After this long nobody presses a card any more, and nothing on it changes. */
const KEEP_DAYS = 90
const BATCH = 5000

/** Sweep: forgets what was posted long ago and codes that ran out. Messages on the platform stay. */
export async function pruneChannels({ db, now }: SystemCtx): Promise<number> {
  const before = new Date(now().getTime() - KEEP_DAYS * 24 * 3_600_000)
  const posts = await db.$executeRaw`
    delete from channel_post where id in (select id from channel_post where updated_at < ${before} limit ${BATCH})`
  const links = await db.channelLink.deleteMany({ where: { expiresAt: { lt: now() } } })
  return posts + links.count
}
