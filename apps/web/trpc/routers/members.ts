import { inviteMember, inviteMemberInput } from '@clawbernetes/services/identity/invite-member'
import { listMembers } from '@clawbernetes/services/identity/list-members'
import { removeMember, removeMemberInput } from '@clawbernetes/services/identity/remove-member'
import { setRole, setRoleInput } from '@clawbernetes/services/identity/set-role'
import { withdrawInvitation } from '@clawbernetes/services/identity/withdraw-invitation'
import * as z from 'zod'
import { orgProcedure, router } from '../init'

const invitationRef = z.object({ invitationId: z.string().max(60) })

export const membersRouter = router({
  list: orgProcedure.query(({ ctx }) => listMembers({ ctx: ctx.call })),
  invite: orgProcedure.input(inviteMemberInput).mutation(({ ctx, input }) => inviteMember({ ctx: ctx.call, input })),
  withdraw: orgProcedure
    .input(invitationRef)
    .mutation(({ ctx, input }) => withdrawInvitation({ ctx: ctx.call, input })),
  setRole: orgProcedure.input(setRoleInput).mutation(({ ctx, input }) => setRole({ ctx: ctx.call, input })),
  remove: orgProcedure.input(removeMemberInput).mutation(({ ctx, input }) => removeMember({ ctx: ctx.call, input })),
})
