import { API_SCOPES, scopesOfRole } from '@clawbernetes/protocol/permissions'
import { nameText } from '@clawbernetes/protocol/text'
import type { CreatedApiKey } from '@clawbernetes/protocol/views/api-key'
import type { Prisma } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { type Ctx, newId, requirePermission, type Tx } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { newApiKeySecret } from './api-key-secret'
import { apiKeyView } from './api-key-view'

/** Enough for a person's machines and programs; more is a loop. */
const MAX_LIVE_KEYS = 50
const DAY_MS = 24 * 3600 * 1000

export const createApiKeyInput = z.object({
  name: nameText(60),
  scopes: z.array(z.enum(API_SCOPES)).min(1, 'Choose at least one scope.').max(API_SCOPES.length),
  /** null: does not expire. */
  expiresInDays: z.number().int().min(1).max(3650).nullable().default(90),
})

/**
 * Makes a key for the person who asks, in this organisation. The answer is the only place where the key itself appears: only its
 * hash is kept. A key cannot make keys: a leaked one must not be able to outlive its own revocation.
 */
export async function createApiKey({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof createApiKeyInput>
}): Promise<CreatedApiKey> {
  requirePermission(ctx, 'read')
  if (ctx.actor.kind !== 'person' || ctx.actor.apiKey)
    throw new ServiceError('forbidden', 'API keys are made by a person who is signed in, not with another key.')
  const input = parseInput(createApiKeyInput, raw)
  const { token, hash, hint } = newApiKeySecret()
  const row = await ctx.db.$transaction(async (tx) => {
    const created = await insertApiKey(tx, ctx, { ...input, hash, hint })
    await appendAudit(tx, ctx, 'api-key.create', created.name, auditOf(created))
    return created
  })
  return { token, apiKey: apiKeyView(row, { now: ctx.now(), ...own(ctx) }) }
}

export interface NewApiKey extends z.output<typeof createApiKeyInput> {
  hash: string
  hint: string
  sealed?: { text: string; until: Date; byStep: string }
}

/** The row of a new key, for a person directly and for a plan's step. Throws `invalid` for scopes that the role makes no use of. */
export async function insertApiKey(tx: Tx, ctx: Ctx, key: NewApiKey) {
  const { userId, orgId, role } = ctx.actor
  if (!userId) throw new ServiceError('forbidden', 'A key belongs to a person.')
  const useless = key.scopes.filter((scope) => !scopesOfRole(role).includes(scope))
  if (useless.length > 0)
    throw new ServiceError(
      'invalid',
      `scopes: your role ${role} cannot ${useless.join(' or ')}, so a key cannot either.`,
      {
        path: ['scopes'],
      },
    )
  const now = ctx.now()
  // One at a time per person, so that the limit and the names hold.
  await tx.$queryRaw`select 1 from "user" where id = ${userId} for update`
  const live = await tx.apiKey.findMany({
    where: { orgId, userId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
    select: { name: true },
  })
  if (live.length >= MAX_LIVE_KEYS)
    throw new ServiceError('conflict', `You have ${live.length} keys in use. Revoke one that you no longer need first.`)
  if (live.some(({ name }) => name === key.name))
    throw new ServiceError(
      'conflict',
      `You have a key named ${key.name} in use. Choose another name, or revoke that one first.`,
    )
  const data: Prisma.ApiKeyUncheckedCreateInput = {
    id: newId('apiKey', now),
    orgId,
    userId,
    name: key.name,
    hash: key.hash,
    hint: key.hint,
    scopes: API_SCOPES.filter((scope) => key.scopes.includes(scope)),
    createdAt: now,
    expiresAt: key.expiresInDays === null ? null : new Date(now.getTime() + key.expiresInDays * DAY_MS),
    ...(key.sealed ? { sealed: key.sealed.text, sealedUntil: key.sealed.until, createdByStep: key.sealed.byStep } : {}),
  }
  return tx.apiKey.create({ data })
}

export const auditOf = (row: { id: string; scopes: string[]; expiresAt: Date | null }) => ({
  id: row.id,
  scopes: row.scopes,
  expiresAt: row.expiresAt?.toISOString() ?? null,
})

const own = (ctx: Ctx) => ({
  userId: ctx.actor.userId,
  names: new Map([[ctx.actor.userId ?? '', ctx.actor.userName]]),
})
