import { applyChannelCheck, breakChannel } from '@clawbernetes/services/channels/apply-channel-check'
import { readConnection } from '@clawbernetes/services/channels/find-connections'
import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { enqueue } from '@clawbernetes/services/jobs/enqueue'
import type { ChannelEnv } from './channel-env'
import { ConnectionBroken, PostRefused, RateLimited } from './channel-platform'
import { platformOf } from './platforms'

/** Tries a connection's tokens and reads its channels; the row tells the settings what came of it. */
export async function checkConnection(
  sys: SystemCtx,
  env: ChannelEnv,
  { connectionId }: { connectionId: string },
): Promise<void> {
  try {
    const connection = await readConnection(sys, connectionId)
    if (!connection) return
    const { facts, problem } = await platformOf(connection.kind, env).check(connection)
    await applyChannelCheck(sys, { connectionId, facts, problem })
  } catch (error) {
    if (error instanceof RateLimited) {
      const runAt = new Date(sys.now().getTime() + error.retryAfterMs)
      await enqueue(sys.db, 'channel-check', { connectionId }, { key: `channel-check:${connectionId}`, runAt })
      return
    }
    if (error instanceof ConnectionBroken || error instanceof PostRefused || error instanceof ServiceError)
      return breakChannel(sys, { connectionId, problem: error.message })
    await breakChannel(sys, {
      connectionId,
      problem: 'The platform could not be reached. It is tried again by itself.',
    })
    throw error
  }
}
