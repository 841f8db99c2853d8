import { addUsage, type AutoUsage, NO_USAGE, type PlanScope } from '@clawbernetes/domain/approvals/plan-scope'
import { type Ruling, rule, strictest } from '@clawbernetes/domain/approvals/policy'
import type { PlanContent, Risk } from '@clawbernetes/protocol/plans/content'
import type { PlanRevisionModel } from '@clawbernetes/db/rows'
import type { DbOrTx } from '../context'
import type { OrgPolicy } from './read-org-policy'

const DAY_MS = 86_400_000

/** What the policy says of this plan now: its risk, labels and cost, and what already ran by itself today. */
export async function rulePlan(
  db: DbOrTx,
  orgId: string,
  { policy }: OrgPolicy,
  content: PlanContent,
  at: Date,
  /** The plan itself, when it is stored: it does not count against its own limits. */
  planId: string | null = null,
): Promise<{ ruling: Ruling; scope: PlanScope }> {
  const scope = await planScope(db, orgId, content)
  const { auto } = policy
  const counted = auto.perHourMicroUsd !== null || auto.perDayMicroUsd !== null || auto.plansPerDay !== null
  const usage = counted && scope.risk !== 'read' ? await autoUsage(db, orgId, at, planId) : NO_USAGE
  return { ruling: rule(policy, scope, usage, at.getTime()), scope }
}

/** What a stored card said, and what the policy says now: the stricter of both in every respect. */
export async function ruleRevision(
  db: DbOrTx,
  org: OrgPolicy,
  revision: PlanRevisionModel,
  content: PlanContent,
  at: Date,
): Promise<{ ruling: Ruling; scope: PlanScope }> {
  const now = await rulePlan(db, revision.orgId, org, content, at, revision.planId)
  const said = storedRuling(revision)
  return said ? { ...now, ruling: strictest(said, now.ruling) } : now
}

export const storedRuling = (revision: Pick<PlanRevisionModel, 'ruling'>): Ruling | null =>
  revision.ruling === null ? null : (revision.ruling as unknown as Ruling)

export async function planScope(db: DbOrTx, orgId: string, content: PlanContent): Promise<PlanScope> {
  const ids = content.affects.nodes.map((node) => node.id)
  const rows = ids.length
    ? await db.node.findMany({ where: { orgId, id: { in: ids } }, select: { id: true, name: true, labels: true } })
    : []
  return scopeOf(content, new Map(rows.map((row) => [row.id, { name: row.name, labels: labelsOf(row.labels) }])))
}

/** @param nodes what is known of them; one that is gone keeps its name and has no labels */
export function scopeOf(
  content: PlanContent,
  nodes: ReadonlyMap<string, { name: string; labels: Record<string, string> }>,
): PlanScope {
  return {
    tool: content.tool.name,
    risk: content.risk as Risk,
    tainted: content.origin.untrusted.length > 0,
    nodes: content.affects.nodes.map((node) => nodes.get(node.id) ?? { name: node.name, labels: {} }),
    workloads: content.affects.workloads.map((workload) => workload.name),
    gpus: content.affects.gpus,
    perHourMicroUsd: content.cost.perHourMicroUsd,
    oneOffMicroUsd: content.cost.oneOffMicroUsd,
  }
}

export const labelsOf = (json: unknown): Record<string, string> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? Object.fromEntries(Object.entries(json).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
    : {}

async function autoUsage(db: DbOrTx, orgId: string, at: Date, planId: string | null): Promise<AutoUsage> {
  const rows = await db.$queryRaw<{ per_hour: number | null; one_off: number | null }[]>`
    select (r.content -> 'cost' ->> 'perHourMicroUsd')::float8 as per_hour, (r.content -> 'cost' ->> 'oneOffMicroUsd')::float8 as one_off
    from plan p join plan_revision r on r.plan_id = p.id and r.revision = p.revision
    where p.org_id = ${orgId} and p.decided_by = 'policy' and p.decided_at > ${new Date(at.getTime() - DAY_MS)} and p.decided_at <= ${at}
      and p.id <> ${planId ?? ''}`
  return rows.reduce(
    (usage, row) => addUsage(usage, { perHourMicroUsd: row.per_hour, oneOffMicroUsd: row.one_off }),
    NO_USAGE,
  )
}
