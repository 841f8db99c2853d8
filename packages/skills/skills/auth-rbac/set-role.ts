import { ROLES, roleAtLeast } from '@clawbernetes/protocol/permissions'
import type { MemberView } from '@clawbernetes/protocol/views/member'
import { listMembers } from '@clawbernetes/services/identity/list-members'
import * as z from 'zod'
import { type Preview, type ToolContext, type ToolQuestion, writeTool } from '../../src/registry/define-tool'
import { planCard, step } from '../../src/registry/plan-card'
import { nameSlot } from '../../src/registry/slots'
import { ADMIN, ROLE_WORDS } from './role-words'

const input = z.object({
  member: nameSlot.optional().describe('name or e-mail of a member'),
  role: z.enum(ROLES).optional(),
})

export const setRole = writeTool({
  kind: 'write',
  name: 'set_role',
  skill: 'auth-rbac',
  version: 1,
  title: 'Planned a change of role',
  description: 'Give a member of the organisation another role.',
  input,
  risk: 'high',
  authorize: ADMIN,
  steps: ['set-role'],
  verify: 'The member has the role.',
  undo: { tool: 'set_role', words: 'Give back the role from before.' },
  preview,
})

async function preview(args: z.output<typeof input>, { ctx, turn }: ToolContext): Promise<Preview> {
  const { members } = await listMembers({ ctx })
  const found = whichMember(members, args)
  if ('question' in found) return { ok: false, question: found.question }
  const { member } = found
  const { user } = member
  if (!args.role)
    return {
      ok: false,
      question: {
        ask: `Which role should ${user.name} have? It is ${member.role} now.`,
        slot: 'role',
        options: ROLES.filter((r) => r !== member.role).map((r) => ({ label: r, send: `make ${user.email} ${r}` })),
        blocks: [],
      },
    }
  const refusal = (say: string): Preview => ({ ok: false, say, blocks: [], options: [] })
  const { role } = args
  if (member.role === role) return refusal(`${user.name} is ${role} already.`)
  if (user.id === ctx.actor.userId) return refusal('Nobody changes their own role. Ask another administrator.')
  if (!roleAtLeast(ctx.actor.role, role) || !roleAtLeast(ctx.actor.role, member.role))
    return refusal(`Only somebody with at least that role may do this; yours is ${ctx.actor.role}.`)
  if (member.role === 'owner' && members.filter((m) => m.role === 'owner').length <= 1)
    return refusal(`${user.name} is the last owner. Make somebody else owner first.`)
  return {
    ok: true,
    demo: false,
    say: `I can make ${user.name} ${role} instead of ${member.role}: ${ROLE_WORDS[role]}. Type ${user.name} to approve.`,
    content: planCard({
      tool: { name: 'set_role', args: { member: user.email, role } },
      turn,
      title: `Make ${user.name} ${role}`,
      steps: [
        step(
          'set-role',
          { userId: user.id, name: user.name, role },
          {
            title: `Give ${user.name} the role ${role}`,
            target: user.email,
          },
        ),
      ],
      changes: [
        {
          label: user.name,
          before: `${member.role}: ${ROLE_WORDS[member.role]}`,
          after: `${role}: ${ROLE_WORDS[role]}`,
        },
      ],
      facts: [{ kind: 'member-role', id: user.id, value: member.role, text: `Role of ${user.name}` }],
      undo: {
        possible: true,
        tool: { name: 'set_role', args: { member: user.email, role: member.role } },
        text: `Make ${user.name} ${member.role} again.`,
      },
      risk: 'high',
      riskReason: roleAtLeast(role, member.role)
        ? `${user.name} gets more rights, at once and for everything.`
        : `${user.name} loses rights at once; plans that only they could approve wait for others.`,
      confirmName: user.name.slice(0, 80),
    }),
  }
}

const firstName = (name: string): string => name.toLowerCase().split(/\s+/)[0] ?? ''

/** The one member that is meant, by e-mail, name or first name; or a question. */
function whichMember(
  members: readonly MemberView[],
  args: z.output<typeof input>,
): { member: MemberView } | { question: ToolQuestion } {
  const wanted = args.member?.toLowerCase()
  const hits = members.filter(
    ({ user }) =>
      user.email.toLowerCase() === wanted || user.name.toLowerCase() === wanted || firstName(user.name) === wanted,
  )
  const [member] = hits
  if (member && hits.length === 1) return { member }
  return {
    question: {
      ask: !wanted
        ? 'Whose role should I change?'
        : hits.length > 1
          ? `Several members are called ${args.member}. Which one do you mean?`
          : `I see no member ${args.member}. Whose role should I change?`,
      slot: 'member',
      options: (hits.length > 1 ? hits : members)
        .slice(0, 8)
        .map(({ user }) => ({ label: user.name, send: `make ${user.email} ${args.role ?? 'operator'}` })),
      blocks: [],
    },
  }
}
