import { type EffectivePolicy, effectivePolicy } from '@clawbernetes/domain/approvals/effective-policy'
import { atWords } from '@clawbernetes/domain/at-words'
import { NO_EDITS, orgPolicy, type PolicyDocument } from '@clawbernetes/protocol/policy/org-policy'
import { PRESETS } from '@clawbernetes/protocol/policy/policy-words'
import type { DbOrTx, Tx } from '../context'
import { ServiceError } from '../errors'

export interface Freeze {
  at: Date
  by: string | null
  reason: string
}

/** The organisation's rules as they stand, for whoever decides or carries out. */
export interface OrgPolicy {
  document: PolicyDocument
  policy: EffectivePolicy
  version: number
  frozen: Freeze | null
  /** Of the organisation, for new windows. */
  timeZone: string
}

export async function readOrgPolicy(db: DbOrTx, orgId: string): Promise<OrgPolicy> {
  const row = await db.orgSettings.findUnique({ where: { organizationId: orgId } })
  const document = row ? storedDocument(row.policyPreset, row.policy) : { preset: 'balanced' as const, edits: NO_EDITS }
  return {
    document,
    policy: effectivePolicy(document),
    version: row?.policyVersion ?? 1,
    frozen: row?.frozenAt ? { at: row.frozenAt, by: row.frozenBy, reason: row.frozenReason ?? '' } : null,
    timeZone: row?.timeZone ?? 'UTC',
  }
}

/** What cannot be read any more is not guessed: the strictest preset holds until an administrator saves a policy again. */
function storedDocument(preset: string, edits: unknown): PolicyDocument {
  const parsed = orgPolicy.safeParse(edits)
  if (!parsed.success) return { preset: 'cautious', edits: NO_EDITS }
  return { preset: PRESETS.find((known) => known === preset) ?? 'balanced', edits: parsed.data }
}

/**
 * The same, held until the transaction ends: an edit of the policy and the emergency stop wait for it, or it for them. Take it
 * before any lock on a plan.
 */
export async function holdOrgPolicy(tx: Tx, orgId: string): Promise<OrgPolicy> {
  await tx.$queryRaw`select 1 from org_settings where organization_id = ${orgId} for key share`
  return readOrgPolicy(tx, orgId)
}

/** Who stopped it, when and why, in one sentence. */
export async function freezeWords(db: DbOrTx, frozen: Freeze): Promise<string> {
  const by = frozen.by ? await db.user.findUnique({ where: { id: frozen.by }, select: { name: true } }) : null
  return `${by?.name ?? 'Somebody'} pulled the emergency stop at ${atWords(frozen.at)}${frozen.reason ? `: ${frozen.reason}` : ''}`
}

/** Throws while the emergency stop is on. @param what "Nothing is proposed" */
export async function refuseFrozen(db: DbOrTx, { frozen }: OrgPolicy, what: string): Promise<void> {
  if (!frozen) return
  throw new ServiceError('conflict', `${await freezeWords(db, frozen)}. ${what} until an administrator lifts it.`, {
    state: 'frozen',
    frozenAt: frozen.at.toISOString(),
    frozenBy: frozen.by,
  })
}
