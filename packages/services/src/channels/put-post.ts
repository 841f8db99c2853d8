import { randomBytes } from 'node:crypto'
import { newId, type Tx } from '../context'
import { enqueue } from '../jobs/enqueue'

export type PostKind = 'run' | 'message' | 'plan' | 'finished' | 'finding' | 'emergency' | 'test'

export interface NewPost {
  orgId: string
  connectionId: string
  channelId: string
  replyTo: string | null
  kind: PostKind
  subjectId: string
  /** The same key is posted once per connection, whoever asks for it and how often. */
  dedupeKey: string
  sealedReply?: string | null
}

/** Room for one message on the platform, and its job, in the caller's transaction. Returns the post that is there in the end. */
export async function putPost(tx: Tx, at: Date, post: NewPost): Promise<string> {
  const where = { connectionId_dedupeKey: { connectionId: post.connectionId, dedupeKey: post.dedupeKey } }
  await tx.channelPost.createMany({
    data: [{ id: newId('channelPost', at), nonce: newNonce(), createdAt: at, ...post }],
    skipDuplicates: true,
  })
  const { id } = await tx.channelPost.findUniqueOrThrow({ where, select: { id: true } })
  await enqueuePost(tx, id)
  return id
}

/** A wish for now moves a job that waits to now; a wish for later never puts off one for now. */
export const enqueuePost = (tx: Tx, postId: string, later?: Date): Promise<void> =>
  enqueue(
    tx,
    'channel-post',
    { postId },
    { key: `post:${postId}`, ...(later ? { runAt: later, keepEarlier: true } : {}) },
  )

/** Of the buttons of one showing of a card. */
export const newNonce = (): string => randomBytes(9).toString('base64url')
