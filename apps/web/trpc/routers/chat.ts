import { archiveThread, archiveThreadInput } from '@clawbernetes/services/chat/archive-thread'
import { listSkillCards } from '@clawbernetes/services/chat/list-skill-cards'
import { listThreads, listThreadsInput } from '@clawbernetes/services/chat/list-threads'
import { markThreadRead, markThreadReadInput } from '@clawbernetes/services/chat/mark-thread-read'
import { readThread } from '@clawbernetes/services/chat/read-thread'
import { renameThread, renameThreadInput } from '@clawbernetes/services/chat/rename-thread'
import { sendMessage, sendMessageInput } from '@clawbernetes/services/chat/send-message'
import { stopRun } from '@clawbernetes/services/chat/stop-run'
import * as z from 'zod'
import { orgProcedure, router } from '../init'

const threadRef = z.object({ threadId: z.string().max(60) })
const threadPage = threadRef.extend({ beforeSeq: z.number().int().min(1).optional() })

export const chatRouter = router({
  skills: orgProcedure.query(({ ctx }) => listSkillCards({ ctx: ctx.call })),
  threads: orgProcedure.input(listThreadsInput).query(({ ctx, input }) => listThreads({ ctx: ctx.call, input })),
  read: orgProcedure.input(threadPage).query(({ ctx, input }) => readThread({ ctx: ctx.call, input })),
  send: orgProcedure.input(sendMessageInput).mutation(({ ctx, input }) => sendMessage({ ctx: ctx.call, input })),
  rename: orgProcedure.input(renameThreadInput).mutation(({ ctx, input }) => renameThread({ ctx: ctx.call, input })),
  archive: orgProcedure.input(archiveThreadInput).mutation(({ ctx, input }) => archiveThread({ ctx: ctx.call, input })),
  markRead: orgProcedure
    .input(markThreadReadInput)
    .mutation(({ ctx, input }) => markThreadRead({ ctx: ctx.call, input })),
  stop: orgProcedure.input(threadRef).mutation(({ ctx, input }) => stopRun({ ctx: ctx.call, input })),
})
