import { type Block, block as blockSchema } from '@clawbernetes/protocol/views/blocks'
import type { Prisma } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { newId, type SystemCtx } from '../context'
import { notFound } from '../errors'
import { recordThreadEvent } from './record-thread-event'
import { nextSeq } from './send-message'

/** The agent says something in a thread that is not the answer to a message: what came of a press on a card. */
export async function postNote(
  sys: SystemCtx,
  input: { orgId: string; threadId: string; text: string; blocks: Block[] },
): Promise<void> {
  const blocks = z.array(blockSchema).parse(input.blocks)
  await sys.db.$transaction(async (tx) => {
    const at = sys.now()
    const seq = await nextSeq(tx, { orgId: input.orgId, threadId: input.threadId, at })
    if (seq === null) throw notFound('thread')
    const message = await tx.message.create({
      data: {
        id: newId('message', at),
        orgId: input.orgId,
        threadId: input.threadId,
        seq,
        role: 'agent',
        text: input.text,
        blocks: blocks as Prisma.InputJsonValue,
        createdAt: at,
      },
    })
    await recordThreadEvent(tx, input.orgId, input.threadId, 'thread.message', message.id, message.version)
  })
}
