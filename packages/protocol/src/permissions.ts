/** Lowest first: each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** What can be asked for, and the lowest role that may do it. */
export const PERMISSIONS = {
  read: 'viewer',
  chat: 'viewer',
  propose: 'operator',
  approveLow: 'operator',
  approveMedium: 'operator',
  approveHigh: 'approver',
  approveCritical: 'approver',
  manageNodes: 'admin',
  manageMembers: 'admin',
  managePolicy: 'admin',
  deleteOrganization: 'owner',
} as const satisfies Record<string, Role>
export type Permission = keyof typeof PERMISSIONS

export const roleAtLeast = (have: Role, need: Role): boolean => ROLES.indexOf(have) >= ROLES.indexOf(need)
export const can = (have: Role, permission: Permission): boolean => roleAtLeast(have, PERMISSIONS[permission])
