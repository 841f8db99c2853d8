import type { ApiScope, Role } from '@clawbernetes/protocol/permissions'

export const ROLE_WORDS: Record<Role, string> = {
  viewer: 'reads and talks to the agent',
  operator: 'proposes, and approves low and medium risk',
  approver: 'approves high risk too',
  admin: 'manages nodes, members and the policy too',
  owner: 'may do everything',
}
export const SCOPE_WORDS: Record<ApiScope, string> = {
  read: 'reads',
  chat: 'talks to the agent',
  propose: 'proposes plans',
  approve: 'decides on plans in your name',
  manage: 'manages nodes, members and the policy',
}
export const ADMIN = { permission: 'manageMembers', words: 'Administrators and owners' } as const
