import { parseProviderAddress } from '@clawbernetes/domain/chat/provider-address'
import { nameText } from '@clawbernetes/protocol/text'
import { PLANNER_PROVIDERS, type PlannerProvider, type PlannerSettingsView } from '@clawbernetes/protocol/views/planner'
import type { PlannerSettingsModel } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { seal } from '../secrets/seal'
import { missingPart, tailOf } from './installation-planner'
import { settingsView } from './settings-view'
import { budgetsInput, readBudgets } from './stored-budgets'

const price = z.number().int().min(0).max(2_000_000_000).nullable()

export const setPlannerSettingsInput = z.object({
  /** null: follow the installation. */
  provider: z.enum(PLANNER_PROVIDERS).nullable(),
  model: nameText(120).nullable().default(null),
  baseUrl: z.string().trim().max(300).nullable().default(null),
  /** A new key; null removes the stored one; absent keeps it. */
  apiKey: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .regex(/^[\x21-\x7e]+$/, 'A key has no spaces and no special characters.')
    .nullable()
    .optional(),
  inputPriceMicroUsd: price.default(null),
  outputPriceMicroUsd: price.default(null),
  budgets: budgetsInput.default({}),
})

/**
 * Chooses the organisation's planner. A key belongs to the provider and address it was entered for: when either changes, the stored
 * one is dropped, so that nobody can send a key that they cannot read to an address of their own.
 */
export async function setPlannerSettings({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof setPlannerSettingsInput>
}): Promise<PlannerSettingsView> {
  requirePermission(ctx, 'managePolicy')
  const input = parseInput(setPlannerSettingsInput, raw)
  const baseUrl = addressOf(input.baseUrl, input.provider)
  return ctx.db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('planner-settings'), hashtext(${ctx.actor.orgId}))`
    const before = await tx.plannerSettings.findUnique({ where: { orgId: ctx.actor.orgId } })
    const key = keyAfter(before, { ...input, baseUrl })
    const provider = input.provider
    const missing = provider
      ? missingPart({ provider, model: input.model, baseUrl, hasKey: key.keySealed !== null })
      : null
    if (missing) throw new ServiceError('invalid', missing)
    const data = {
      provider,
      model: provider && provider !== 'embedded' ? input.model : null,
      baseUrl,
      keySealed: key.keySealed,
      keyTail: key.keyTail,
      inputPriceMicroUsd: input.inputPriceMicroUsd,
      outputPriceMicroUsd: input.outputPriceMicroUsd,
      budgets: { ...readBudgets(input.budgets) },
      updatedBy: ctx.actor.userId ?? 'system',
    }
    const row = await tx.plannerSettings.upsert({
      where: { orgId: ctx.actor.orgId },
      create: { orgId: ctx.actor.orgId, ...data },
      update: data,
    })
    await appendAudit(tx, ctx, 'planner.set', provider ?? 'installation', {
      model: row.model,
      baseUrl: row.baseUrl,
      key: key.change,
      budgets: data.budgets,
    })
    return settingsView(row)
  })
}

function addressOf(text: string | null, provider: PlannerProvider | null): string | null {
  if (!text || provider === null || provider === 'embedded') return null
  const parsed = parseProviderAddress(text)
  if (!parsed.ok) throw new ServiceError('invalid', `baseUrl: ${parsed.why}`, { path: ['baseUrl'] })
  return parsed.url
}

/** The stored key after this change, without the plain text. */
function keyAfter(
  before: PlannerSettingsModel | null,
  next: { provider: PlannerProvider | null; baseUrl: string | null; apiKey?: string | null | undefined },
) {
  const none = { keySealed: null, keyTail: null }
  if (next.provider === null || next.provider === 'embedded') return { ...none, change: 'none' }
  if (next.apiKey) return { keySealed: seal(next.apiKey), keyTail: tailOf(next.apiKey), change: 'entered' }
  if (next.apiKey === null || !before?.keySealed) return { ...none, change: before?.keySealed ? 'removed' : 'none' }
  const same = before.provider === next.provider && before.baseUrl === next.baseUrl
  return same
    ? { keySealed: before.keySealed, keyTail: before.keyTail, change: 'kept' }
    : { ...none, change: 'dropped: provider or address changed' }
}
