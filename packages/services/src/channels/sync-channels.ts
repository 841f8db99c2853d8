import type { SystemCtx } from '../context'
import { syncNotices } from './sync-notices'
import { syncPosts } from './sync-posts'
import { syncThreads } from './sync-threads'

/** Sweep: whatever a connected platform should show and does not is given a job. Costs one look where nothing is connected. */
export async function syncChannels(sys: SystemCtx): Promise<number> {
  const any = await sys.db.channelConnection.findFirst({ where: { state: 'active' }, select: { id: true } })
  if (!any) return 0
  return (await syncThreads(sys)) + (await syncNotices(sys)) + (await syncPosts(sys))
}
