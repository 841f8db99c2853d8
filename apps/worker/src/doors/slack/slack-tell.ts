import type { SystemCtx } from '@clawbernetes/services/context'
import { enqueue, type Tasks } from '@clawbernetes/services/jobs/enqueue'
import { whisperKey } from '../../channels/whisper'

interface Person {
  connectionId: string
  channelId: string
  externalId: string
  replyTo: string | null
}

/** Words that only this person sees. */
export const tell = (sys: SystemCtx, person: Person, text: string): Promise<void> => put(sys, person, text, false)

/** Somebody whom we do not know may do nothing, and gets the way to change that. */
export const tellLink = (sys: SystemCtx, person: Person): Promise<void> =>
  put(
    sys,
    person,
    'I do not know who you are in Clawbernetes yet. Link your account once; what you write here then counts with your own rights.',
    true,
  )

async function put(sys: SystemCtx, person: Person, text: string, link: boolean): Promise<void> {
  const payload: Tasks['channel-whisper'] = {
    ...person,
    externalName: person.externalId,
    text,
    link,
    sealedReply: null,
  }
  await enqueue(sys.db, 'channel-whisper', payload, { key: whisperKey(payload), maxAttempts: 8 })
}
