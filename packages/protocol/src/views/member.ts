import type { Role } from '../permissions'

export interface MemberView {
  id: string
  role: Role
  createdAt: string
  user: { id: string; name: string; email: string }
}

export interface InvitationView {
  id: string
  email: string
  role: Role
  expiresAt: string
}
