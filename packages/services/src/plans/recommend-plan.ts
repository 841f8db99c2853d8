import { canonicalJson } from '@clawbernetes/domain/canonical-json'
import { planContent, type PlanContent } from '@clawbernetes/protocol/plans/content'
import { type Ctx, requirePermission, type Tx } from '../context'
import { appendAudit } from '../log/append-audit'
import { holdOrgPolicy } from '../policy/read-org-policy'
import { storedRuling } from '../policy/rule-plan'
import { planLabel } from './plan-digest'
import { type ProposeInput, proposeInTx } from './propose-plan'
import { recordPlanEvent } from './record-plan-event'

export interface Recommended {
  planId: string
  label: string
  /** Of the revision that stands now: what a typed yes in this conversation would mean. */
  digest: string
  /** May words approve it, as the policy sees it now? */
  typedConsent: boolean
  /** It was approved already and is on its way: nothing is to be decided. */
  underWay: boolean
}

/** A card that dies while it is read helps nobody: one with less left than this is drawn anew. */
const WORTH_SHOWING_MS = 120_000

/**
 * The card of a recommendation, which nobody asked for yet: it always waits for people. The same recommendation waiting already,
 * anywhere in the organisation, is that card; one whose grounds have moved since is replaced, so that a report that is read every
 * day leaves one card and not many. One with an approval on it is left to its people, and what is under way is not drawn again.
 */
export async function recommendPlan({ ctx, input }: { ctx: Ctx; input: ProposeInput }): Promise<Recommended> {
  requirePermission(ctx, 'propose')
  return ctx.db.$transaction(async (tx) => {
    // Two reports at the same moment draw one card.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('recommend'), hashtext(${ctx.actor.orgId}))`
    // In the order of a decision: the policy, the plans, then the audit; whoever decides on one of them now is waited for.
    await holdOrgPolicy(tx, ctx.actor.orgId)
    await tx.$queryRaw`
      select 1 from "plan" where org_id = ${ctx.actor.orgId} and intent = ${input.intent} and state = 'proposed' order by id for update`
    const standing = await standingProposals(tx, ctx, input)
    const same =
      standing.find((plan) => plan.recommended.underWay) ?? standing.find((plan) => plan.isSame && plan.isFresh)
    if (same) return comeAlong(tx, same, input.threadId)
    const old = standing.filter((plan) => plan.approvals === 0)
    const content = { ...input.content, origin: { ...input.content.origin, recommended: true } }
    const parentId = old[0]?.recommended.planId ?? null
    const made = await proposeInTx(tx, ctx, { ...input, content, parentId }, 'recommended')
    const { planId, label } = made.proposed
    for (const plan of old) await replace(tx, ctx, plan, label)
    return { planId, label, digest: made.digest, typedConsent: made.ruling.typedConsent, underWay: false }
  })
}

/**
 * A card that nobody asked for belongs to the conversation that showed it last: its outcome is told there, and "undo that" means it
 * there. One that somebody asked for stays with them.
 */
async function comeAlong(tx: Tx, { recommended, isAsked, approvals }: Standing, threadId: string | null) {
  if (threadId && !isAsked && approvals === 0 && !recommended.underWay)
    await tx.plan.update({ where: { id: recommended.planId }, data: { threadId } })
  return recommended
}

interface Standing {
  recommended: Recommended
  /** Rests on the same facts. */
  isSame: boolean
  /** Somebody asked for it in words. */
  isAsked: boolean
  isFresh: boolean
  approvals: number
}

/** What waits for exactly this call, or carries it out. */
async function standingProposals(tx: Tx, ctx: Ctx, { intent, content }: ProposeInput): Promise<Standing[]> {
  const rows = await tx.plan.findMany({
    where: {
      orgId: ctx.actor.orgId,
      intent,
      proposerKind: 'agent',
      threadId: { not: null },
      OR: [{ state: 'proposed', expiresAt: { gt: ctx.now() } }, { state: { in: ['approved', 'running'] } }],
    },
    include: {
      revisions: { orderBy: { revision: 'desc' }, take: 1 },
      approvals: { select: { revision: true } },
    },
    orderBy: { number: 'desc' },
    take: 50,
  })
  return rows.flatMap((row) => {
    const [revision] = row.revisions
    if (!revision) return []
    const stored = planContent.parse(revision.content)
    if (canonicalJson(stored.tool) !== canonicalJson(content.tool)) return []
    const isFresh = row.expiresAt.getTime() - ctx.now().getTime() > WORTH_SHOWING_MS
    return [
      {
        recommended: {
          planId: row.id,
          label: planLabel(row.number),
          digest: revision.digest,
          typedConsent: storedRuling(revision)?.typedConsent ?? false,
          underWay: row.state !== 'proposed',
        },
        isSame: grounds(stored) === grounds(content),
        isAsked: stored.origin.recommended !== true,
        isFresh,
        approvals: row.approvals.filter((approval) => approval.revision === row.revision).length,
      },
    ]
  })
}

/** Where it came from and who asked make no other plan of it. */
const grounds = ({ facts }: PlanContent): string =>
  canonicalJson([...facts].map(({ kind, id, value }) => ({ kind, id, value })).sort(byKindAndId))

const byKindAndId = (a: { kind: string; id: string }, b: { kind: string; id: string }): number =>
  `${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1

async function replace(tx: Tx, ctx: Ctx, { recommended, isSame }: Standing, by: string): Promise<void> {
  const { planId, label } = recommended
  const why = isSame ? 'drawn up anew before it expired' : 'the fleet changed since it was drawn up'
  const moved = await tx.plan.updateMany({
    where: { id: planId, state: 'proposed' },
    data: {
      state: 'withdrawn',
      stateReason: `Replaced by ${by}: ${why}.`,
      decidedAt: ctx.now(),
      decidedBy: ctx.actor.userId,
      version: { increment: 1 },
    },
  })
  if (moved.count === 0) return
  const plan = await tx.plan.findUniqueOrThrow({ where: { id: planId } })
  await appendAudit(tx, ctx, 'plan.replaced', label, { by })
  await recordPlanEvent(tx, plan, 'plan.withdrawn')
}
