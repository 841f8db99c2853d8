import { RISKS, type Risk } from '@clawbernetes/protocol/plans/content'
import { PERMISSIONS, type Permission, type Role, roleAtLeast } from '@clawbernetes/protocol/roles'

export type Preset = 'cautious' | 'balanced' | 'autopilot'

/** What the policy says of a plan: run at once, ask people, or refuse. */
export interface Ruling {
  answer: 'auto' | 'ask' | 'deny'
  approvalsNeeded: number
  /** Who may approve. */
  permission: Permission
  /** The proposer's own approval does not count. */
  needsSecondPerson: boolean
  /** May a typed "yes" in the chat approve? Never for high and above, never in a tainted turn. */
  typedConsent: boolean
  /** The target's name must be typed. */
  typedName: boolean
  reason: string
}

const PERMISSION_BY_RISK: Record<Risk, Permission> = {
  read: 'read',
  low: 'approveLow',
  medium: 'approveMedium',
  high: 'approveHigh',
  critical: 'approveCritical',
}

/** Exhaustive: every preset says something of every risk. Risk is a floor set in code; nothing here lowers it. */
const TABLE: Record<Preset, Record<Risk, Pick<Ruling, 'answer' | 'approvalsNeeded' | 'typedConsent'>>> = {
  cautious: {
    read: { answer: 'auto', approvalsNeeded: 0, typedConsent: false },
    low: { answer: 'ask', approvalsNeeded: 1, typedConsent: false },
    medium: { answer: 'ask', approvalsNeeded: 1, typedConsent: false },
    high: { answer: 'ask', approvalsNeeded: 1, typedConsent: false },
    critical: { answer: 'ask', approvalsNeeded: 2, typedConsent: false },
  },
  balanced: {
    read: { answer: 'auto', approvalsNeeded: 0, typedConsent: false },
    low: { answer: 'auto', approvalsNeeded: 0, typedConsent: true },
    medium: { answer: 'ask', approvalsNeeded: 1, typedConsent: true },
    high: { answer: 'ask', approvalsNeeded: 1, typedConsent: false },
    critical: { answer: 'ask', approvalsNeeded: 2, typedConsent: false },
  },
  autopilot: {
    read: { answer: 'auto', approvalsNeeded: 0, typedConsent: false },
    low: { answer: 'auto', approvalsNeeded: 0, typedConsent: true },
    medium: { answer: 'auto', approvalsNeeded: 0, typedConsent: true },
    high: { answer: 'ask', approvalsNeeded: 1, typedConsent: false },
    critical: { answer: 'ask', approvalsNeeded: 2, typedConsent: false },
  },
}

/** @param tainted the turn read untrusted text: nothing runs by itself and typed consent is off. */
export function rule(preset: Preset, risk: Risk, tainted: boolean): Ruling {
  const base = TABLE[preset][risk]
  const answer = tainted && base.answer === 'auto' && risk !== 'read' ? 'ask' : base.answer
  return {
    answer,
    approvalsNeeded: answer === 'ask' ? Math.max(1, base.approvalsNeeded) : base.approvalsNeeded,
    permission: PERMISSION_BY_RISK[risk],
    needsSecondPerson: risk === 'critical',
    typedConsent: base.typedConsent && !tainted,
    typedName: risk === 'high' || risk === 'critical',
    reason: `${risk} risk under the ${preset} policy`,
  }
}

/** The higher of two risks. */
export const maxRisk = (a: Risk, b: Risk): Risk => (RISKS.indexOf(a) >= RISKS.indexOf(b) ? a : b)

/** null: may approve; else why not, in words. */
export function mayApprove(
  ruling: Ruling,
  person: { id: string; role: Role },
  proposerId: string,
  onlyMember: boolean,
): string | null {
  const need = PERMISSIONS[ruling.permission]
  if (!roleAtLeast(person.role, need)) return `Approving this needs the role ${need}; yours is ${person.role}.`
  if (ruling.needsSecondPerson && person.id === proposerId && !onlyMember)
    return 'You asked for this; the policy needs a second person.'
  return null
}
