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
  manageChannels: 'admin',
  exportAudit: 'admin',
  deleteOrganization: 'owner',
} as const satisfies Record<string, Role>
export type Permission = keyof typeof PERMISSIONS

export const roleAtLeast = (have: Role, need: Role): boolean => ROLES.indexOf(have) >= ROLES.indexOf(need)
export const can = (have: Role, permission: Permission): boolean => roleAtLeast(have, PERMISSIONS[permission])

/** What an API key may be made for. A key never has more rights than the person it belongs to has at that moment. */
export const API_SCOPES = ['read', 'chat', 'propose', 'approve', 'manage'] as const
export type ApiScope = (typeof API_SCOPES)[number]

/** Exhaustive: a new permission must say which scope of a key covers it. */
const SCOPE_OF = {
  read: 'read',
  chat: 'chat',
  propose: 'propose',
  approveLow: 'approve',
  approveMedium: 'approve',
  approveHigh: 'approve',
  approveCritical: 'approve',
  manageNodes: 'manage',
  manageMembers: 'manage',
  managePolicy: 'manage',
  manageChannels: 'manage',
  exportAudit: 'manage',
  deleteOrganization: 'manage',
} as const satisfies Record<Permission, ApiScope>

export const scopeOf = (permission: Permission): ApiScope => SCOPE_OF[permission]
/** The scopes that a key of this role can make any use of. */
export const scopesOfRole = (role: Role): ApiScope[] =>
  API_SCOPES.filter((scope) =>
    (Object.keys(SCOPE_OF) as Permission[]).some((p) => SCOPE_OF[p] === scope && can(role, p)),
  )
