import { type Role, roleAtLeast } from '@clawbernetes/protocol/permissions'

/** Who may decide on plans from a chat platform, beyond having the right itself. */
export const APPROVE_ROLES = ['operator', 'approver', 'admin', 'owner', 'nobody'] as const
export type ApproveRole = (typeof APPROVE_ROLES)[number]

/** null: may decide here; else why not, in words. */
export function refusalInChannel(approveRole: string, role: Role, platform: string): string | null {
  if (approveRole === 'nobody') return `Nobody decides from ${platform} in this organisation. Use the web.`
  const need = APPROVE_ROLES.find((known) => known === approveRole) ?? 'owner'
  if (need === 'nobody' || roleAtLeast(role, need)) return null
  return `Deciding from ${platform} needs the role ${need}; yours is ${role}. You may still decide in the web if the policy lets you.`
}
