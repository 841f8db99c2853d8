import { mayApprove, type Ruling } from '@clawbernetes/domain/approvals/policy'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { can } from '@clawbernetes/protocol/roles'
import type { PlanRights } from '@clawbernetes/protocol/views/plan'
import type { ApprovalModel, PlanModel, PlanRevisionModel } from '@clawbernetes/db/rows'
import { authorsOf } from '../approvals/count-votes'
import { allowed, type Ctx } from '../context'
import type { OrgPolicy } from '../policy/read-org-policy'
import { missingSecretValue } from '../secrets/missing-secret-value'
import { findUndo } from './find-undo'
import type { Drift } from './observe-facts'

interface Seen {
  row: PlanModel & { approvals: ApprovalModel[] }
  revision: PlanRevisionModel
  content: PlanContent
  org: OrgPolicy
  /** It is the latest revision. */
  current: boolean
  drift: Drift[]
  /** Only for a plan that waits. */
  ruling: Ruling | null
}

const NONE: PlanRights = {
  approve: false,
  reject: false,
  edit: false,
  cancel: false,
  undo: false,
  startNow: false,
  askAgain: false,
  why: null,
}

/** What this caller may do with the plan at this moment, and why not. The verbs check again; this only shapes what is shown. */
export async function planRights(ctx: Ctx, seen: Seen): Promise<PlanRights> {
  const { row, content, org, current } = seen
  const operator = allowed(ctx, 'propose')
  const go = operator && org.frozen === null
  if (!current) return { ...NONE, why: `This revision was replaced by r${row.revision}.` }
  if (row.state === 'approved' || row.state === 'running')
    return {
      ...NONE,
      cancel: operator && row.cancelRequestedAt === null,
      startNow:
        row.state === 'approved' && row.notBefore !== null && org.frozen === null && allowed(ctx, 'managePolicy'),
    }
  if (row.state === 'succeeded')
    return { ...NONE, undo: go && content.undo.tool !== null && (await findUndo(ctx.db, row, ctx.now())) === null }
  const expired = row.expiresAt <= ctx.now()
  if (row.state !== 'proposed') return { ...NONE, askAgain: go && AGAIN.has(row.state) }
  const decides = ctx.actor.scopes?.includes('approve') ?? true
  const why = await whyNot(ctx, seen, expired, decides)
  return {
    ...NONE,
    approve: why === null,
    reject: can(ctx.actor.role, 'propose') && decides,
    edit: go && content.editable.length > 0,
    cancel: operator,
    askAgain: go && (expired || seen.drift.length > 0),
    why,
  }
}

/** Ends after which the same arguments may well be asked for again. */
const AGAIN: ReadonlySet<string> = new Set(['expired', 'stale', 'withdrawn'])

async function whyNot(ctx: Ctx, seen: Seen, expired: boolean, decides: boolean): Promise<string | null> {
  const { row, revision, org, drift, ruling } = seen
  if (org.frozen) return 'The emergency stop is on.'
  if (expired) return 'It has expired.'
  if (drift[0]) return `The fleet changed: ${drift[0].text}: was ${drift[0].was}, is ${drift[0].is}.`
  if (row.approvals.some((a) => a.userId === ctx.actor.userId && a.revision === row.revision))
    return 'You have approved; it waits for another person.'
  if (!decides) return 'This API key has no scope approve.'
  const missing = await missingSecretValue(ctx.db, row, seen.content)
  if (missing) return missing
  if (!ruling) return null
  const members = await ctx.db.member.count({ where: { organizationId: row.orgId } })
  const person = { id: ctx.actor.userId ?? '', role: ctx.actor.role }
  return mayApprove(ruling, person, authorsOf(row, revision), members, org.policy.criticalAlone)
}
