import { z } from '@hono/zod-openapi'
import { API_SCOPES, ROLES } from '@clawbernetes/protocol/permissions'
import { freeze, freezeInput } from '@clawbernetes/services/approvals/freeze'
import { readFreeze } from '@clawbernetes/services/approvals/read-freeze'
import { unfreeze, unfreezeInput } from '@clawbernetes/services/approvals/unfreeze'
import { readMe } from '@clawbernetes/services/identity/read-me'
import { type Api, endpoint } from '../endpoint'

const ref = z.object({ id: z.string(), name: z.string() })
const me = z
  .object({
    user: ref,
    organization: ref,
    role: z.enum(ROLES),
    key: z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(z.enum(API_SCOPES)),
      expiresAt: z.iso.datetime().nullable(),
    }),
  })
  .openapi('Me')
const stop = z
  .object({
    frozen: z.object({ at: z.iso.datetime(), by: z.string(), reason: z.string() }).nullable(),
    mayFreeze: z.boolean(),
    mayLift: z.boolean(),
  })
  .openapi('EmergencyStop')

export function identityRoutes(api: Api): void {
  endpoint(
    api,
    { method: 'get', path: '/me', tag: 'Identity', summary: 'Who this key acts as', scope: 'read', result: me },
    ({ ctx }) => readMe({ ctx }),
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/freeze',
      tag: 'Emergency stop',
      summary: 'Is the emergency stop on',
      scope: 'read',
      result: stop,
    },
    ({ ctx }) => readFreeze({ ctx }),
  )
  endpoint(
    api,
    {
      method: 'post',
      path: '/freeze',
      tag: 'Emergency stop',
      summary: 'Pull the emergency stop',
      description: 'Nothing is proposed, approved or started from then on; what runs on nodes keeps running.',
      scope: 'propose',
      body: freezeInput.shape,
      result: z.object({ frozen: z.literal(true), already: z.boolean() }),
    },
    ({ ctx, body }) => freeze({ ctx, input: body }),
  )
  endpoint(
    api,
    {
      method: 'post',
      path: '/unfreeze',
      tag: 'Emergency stop',
      summary: 'Lift the emergency stop',
      scope: 'manage',
      body: unfreezeInput.shape,
      result: z.object({ frozen: z.literal(false), resumed: z.number().int() }),
    },
    ({ ctx, body }) => unfreeze({ ctx, input: body }),
  )
}
