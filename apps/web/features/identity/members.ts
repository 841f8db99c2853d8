import { role as roleSchema } from '@clawbernetes/protocol/roles'
import * as z from 'zod'
import { type AuthResult, get, post } from './auth-requests'

/** Members and invitations as the sign-in API tells them; parsed, because they come from a library and not from our verbs. */
const member = z.object({
  id: z.string(),
  role: roleSchema,
  createdAt: z.string(),
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
})
const invitation = z.object({
  id: z.string(),
  email: z.string(),
  role: roleSchema,
  status: z.string(),
  expiresAt: z.string(),
})
export type Member = z.infer<typeof member>
export type Invitation = z.infer<typeof invitation>

export async function listMembers(): Promise<Member[]> {
  return z.object({ members: z.array(member) }).parse(await get('/organization/list-members?limit=500')).members
}

export async function listInvitations(): Promise<Invitation[]> {
  const all = z.array(invitation).parse(await get('/organization/list-invitations'))
  return all.filter((item) => item.status === 'pending' && Date.parse(item.expiresAt) > Date.now())
}

export const inviteMember = (email: string, role: string): Promise<AuthResult> =>
  post('/organization/invite-member', { email, role, resend: true })
export const cancelInvitation = (invitationId: string): Promise<AuthResult> =>
  post('/organization/cancel-invitation', { invitationId })
export const changeRole = (memberId: string, role: string): Promise<AuthResult> =>
  post('/organization/update-member-role', { memberId, role })
export const removeMember = (memberId: string): Promise<AuthResult> =>
  post('/organization/remove-member', { memberIdOrEmail: memberId })
