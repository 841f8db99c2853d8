import type { Tool } from '../../src/registry/define-tool'
import { auditQuery } from './audit-query'
import { createApiKey } from './create-api-key'
import { inviteMember } from './invite-member'
import { revokeApiKey } from './revoke-api-key'
import { setRole } from './set-role'

export const tools: readonly Tool[] = [auditQuery, inviteMember, setRole, createApiKey, revokeApiKey]
