import { ROLES, type Role, roleAtLeast } from '@clawbernetes/protocol/permissions'
import { listMembers } from '@clawbernetes/services/identity/list-members'
import * as z from 'zod'
import { type Preview, type ToolContext, writeTool } from '../../src/registry/define-tool'
import { planCard, step } from '../../src/registry/plan-card'
import { ADMIN, ROLE_WORDS } from './role-words'

const input = z.object({
  email: z.email('This is no e-mail address.').max(200).optional(),
  role: z.enum(ROLES).optional().describe('viewer unless said otherwise'),
})

export const inviteMember = writeTool({
  kind: 'write',
  name: 'invite_member',
  skill: 'auth-rbac',
  version: 1,
  title: 'Planned an invitation',
  description: 'Invite a person to the organisation with a role. The link is handed over by a person.',
  input,
  risk: 'high',
  authorize: ADMIN,
  steps: ['invite-member'],
  verify: 'The invitation is open, with this role.',
  undo: { none: 'Withdraw the invitation on Settings > Members while it is open; later, remove the member there.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  if (!args.email)
    return {
      ok: false,
      question: { ask: 'Which e-mail address should I invite?', slot: 'email', options: [], blocks: [] },
    }
  const email = args.email.toLowerCase()
  const role: Role = args.role ?? 'viewer'
  const refusal = (say: string, send: string | null = null): Preview => ({
    ok: false,
    say,
    blocks: [],
    options: send ? [{ label: send, send }] : [],
  })
  if (!roleAtLeast(ctx.actor.role, role))
    return refusal(`Nobody invites above their own role; yours is ${ctx.actor.role}.`)
  const { members, invitations } = await listMembers({ ctx })
  const member = members.find((m) => m.user.email.toLowerCase() === email)
  if (member)
    return refusal(
      `${email} is a member already, as ${member.role}.`,
      member.role === role ? null : `make ${email} ${role}`,
    )
  const open = invitations.find((i) => i.email.toLowerCase() === email)
  return {
    ok: true,
    demo: false,
    say: `I can invite ${email} as ${role}: ${ROLE_WORDS[role]}. The link is on Settings, Members; hand it over yourself. Type ${email} to approve.`,
    content: planCard({
      tool: { name: 'invite_member', args: { email, role } },
      turn,
      title: `Invite ${email} as ${role}`,
      steps: [
        step(
          'invite-member',
          { email, role },
          {
            title: `Open an invitation for ${email}`,
            target: email,
            note: 'Holds for 7 days. No e-mail is sent: the link is on Settings, Members.',
          },
        ),
      ],
      changes: [
        { label: email, before: open ? `invited as ${open.role}` : 'not a member', after: `invited as ${role}` },
      ],
      facts: [],
      undo: {
        possible: false,
        tool: null,
        text: 'Withdraw the invitation on Settings, Members while it is open.',
      },
      risk: 'high',
      riskReason: `Whoever has the link and this address can join: ${ROLE_WORDS[role]}.`,
      confirmName: email.slice(0, 80),
      editable: [
        {
          name: 'role',
          label: 'Role',
          input: 'choice',
          value: role,
          choices: ROLES.filter((r) => roleAtLeast(ctx.actor.role, r)).map((r) => ({ value: r, label: r })),
          min: null,
          max: null,
        },
      ],
    }),
  }
}
