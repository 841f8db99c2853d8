import type { SystemCtx } from '@clawbernetes/services/context'
import type { Bell } from '@clawbernetes/services/log/subscribe'
import type { TaskHandlers } from '../jobs/run-jobs'
import { channelEnv } from './channel-env'
import { checkConnection } from './check-connection'
import { deliverPost } from './deliver-post'
import { hearWords } from './streamed-words'
import { whisper } from './whisper'

/** The jobs of Slack and Discord. */
export const channelHandlers = (
  sys: SystemCtx,
  env = channelEnv(),
): Pick<TaskHandlers, 'channel-post' | 'channel-whisper' | 'channel-check'> => ({
  'channel-post': (payload) => deliverPost(sys, env, payload),
  'channel-whisper': (payload) => whisper(sys, env, payload),
  'channel-check': (payload) => checkConnection(sys, env, payload),
})

const ROOMS = /^(thread|org|plan):/

/** Remembers words that are being written; true when the sweep of the channels should look now. */
export function hearForChannels(bell: Bell): boolean {
  if (bell.topic === 'delta') {
    hearWords(bell)
    return false
  }
  return bell.topic === 'event' && ROOMS.test(bell.room)
}
