import { type Preset, type Ruling, rule } from '@clawbernetes/domain/approvals/policy'
import type { Risk } from '@clawbernetes/protocol/plans/content'
import type { DbOrTx } from '../context'

export interface OrgPolicy {
  preset: Preset
  version: number
  frozen: { at: Date; by: string | null } | null
}

export async function readPolicy(db: DbOrTx, orgId: string): Promise<OrgPolicy> {
  const settings = await db.orgSettings.findUnique({ where: { organizationId: orgId } })
  const preset =
    settings?.policyPreset === 'cautious' || settings?.policyPreset === 'autopilot' ? settings.policyPreset : 'balanced'
  return {
    preset,
    version: settings?.policyVersion ?? 1,
    frozen: settings?.frozenAt ? { at: settings.frozenAt, by: settings.frozenBy } : null,
  }
}

export const rulingFor = (policy: OrgPolicy, risk: Risk, tainted: boolean): Ruling => rule(policy.preset, risk, tainted)
