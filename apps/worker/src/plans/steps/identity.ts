import { createSealedApiKey } from '@clawbernetes/services/identity/create-sealed-api-key'
import { inviteMember } from '@clawbernetes/services/identity/invite-member'
import { readInvitation, readKeyState, readRole } from '@clawbernetes/services/identity/read-identity-facts'
import { revokeApiKey } from '@clawbernetes/services/identity/revoke-api-key'
import { setRole } from '@clawbernetes/services/identity/set-role'
import { stepCtx } from '../step-ctx'
import type { StepHandler } from '../step-handler'

export const invite: StepHandler<'invite-member'> = {
  act: async ({ sys, step, args }) => {
    const open = await readInvitation(sys, { orgId: step.orgId, email: args.email })
    if (open?.role !== args.role) await inviteMember({ ctx: await stepCtx(sys, step), input: args })
  },
  verify: async ({ sys, step, args }) => {
    const open = await readInvitation(sys, { orgId: step.orgId, email: args.email })
    if (open?.role !== args.role)
      return { is: 'never', code: 'not-invited', words: `The invitation of ${args.email} was taken or withdrawn.` }
    return {
      is: 'so',
      words: `${args.email} is invited as ${args.role}. Hand over the link of Settings, Members.`,
      facts: [{ label: args.email, value: `${args.role}, until ${open.expiresAt.toISOString().slice(0, 10)}` }],
    }
  },
}

export const changeRole: StepHandler<'set-role'> = {
  act: async ({ sys, step, args }) => {
    await setRole({ ctx: await stepCtx(sys, step), input: { member: args.userId, role: args.role } })
  },
  verify: async ({ sys, step, args }) => {
    const role = await readRole(sys, { orgId: step.orgId, userId: args.userId })
    if (role !== args.role)
      return { is: 'never', code: 'changed-meanwhile', words: `The role of ${args.name} was changed meanwhile.` }
    return { is: 'so', words: `${args.name} is ${role} now.`, facts: [{ label: args.name, value: role }] }
  },
}

export const makeKey: StepHandler<'create-api-key'> = {
  act: async ({ sys, step, args }) =>
    createSealedApiKey({ ctx: await stepCtx(sys, step), input: { ...args, stepId: step.id } }),
  verify: async ({ sys, step, args }) => {
    const key = await readKeyState(sys, { orgId: step.orgId, stepId: step.id })
    if (!key || key.revoked) return { is: 'never', code: 'not-made', words: `The key ${args.name} was not made.` }
    return {
      is: 'so',
      words: `The key ${key.name} is made. Pick it up on Settings, API keys, within 10 minutes: it is shown once.`,
      facts: [{ label: key.name, value: key.scopes.join(', ') }],
    }
  },
}

export const revokeKey: StepHandler<'revoke-api-key'> = {
  act: async ({ sys, step, args }) => {
    await revokeApiKey({ ctx: await stepCtx(sys, step), input: { apiKeyId: args.apiKeyId } })
  },
  verify: async ({ sys, step, args }) => {
    const key = await readKeyState(sys, { orgId: step.orgId, apiKeyId: args.apiKeyId })
    if (key?.revoked !== true) return { is: 'never', code: 'not-revoked', words: `${args.name} is not revoked.` }
    return { is: 'so', words: `${key.name} is revoked: no call with it gets through.`, facts: [] }
  },
}
