import { connectChannel, connectChannelInput } from '@clawbernetes/services/channels/connect-channel'
import { disconnectChannel } from '@clawbernetes/services/channels/disconnect-channel'
import { acceptLink, linkInput, readLink, unlinkAccount } from '@clawbernetes/services/channels/link-account'
import { listChannels } from '@clawbernetes/services/channels/list-channels'
import { refreshChannel } from '@clawbernetes/services/channels/refresh-channel'
import { readTestCard, sendTestCard, sendTestCardInput } from '@clawbernetes/services/channels/send-test-card'
import { updateChannel, updateChannelInput } from '@clawbernetes/services/channels/update-channel'
import * as z from 'zod'
import { orgProcedure, router } from '../init'

const connection = z.object({ connectionId: z.string().max(60) })

export const channelsRouter = router({
  list: orgProcedure.query(({ ctx }) => listChannels({ ctx: ctx.call })),
  connect: orgProcedure
    .input(connectChannelInput)
    .mutation(({ ctx, input }) => connectChannel({ ctx: ctx.call, input })),
  update: orgProcedure.input(updateChannelInput).mutation(({ ctx, input }) => updateChannel({ ctx: ctx.call, input })),
  refresh: orgProcedure.input(connection).mutation(({ ctx, input }) => refreshChannel({ ctx: ctx.call, input })),
  disconnect: orgProcedure.input(connection).mutation(({ ctx, input }) => disconnectChannel({ ctx: ctx.call, input })),
  test: orgProcedure.input(sendTestCardInput).mutation(({ ctx, input }) => sendTestCard({ ctx: ctx.call, input })),
  testState: orgProcedure
    .input(z.object({ postId: z.string().max(60) }))
    .query(({ ctx, input }) => readTestCard({ ctx: ctx.call, input })),
  readLink: orgProcedure.input(linkInput).query(({ ctx, input }) => readLink({ ctx: ctx.call, input })),
  acceptLink: orgProcedure.input(linkInput).mutation(({ ctx, input }) => acceptLink({ ctx: ctx.call, input })),
  unlink: orgProcedure
    .input(connection.extend({ externalId: z.string().max(60) }))
    .mutation(({ ctx, input }) => unlinkAccount({ ctx: ctx.call, input })),
})
