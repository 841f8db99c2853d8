import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Role } from '@clawbernetes/protocol/roles'
import type { Ctx, Via } from '../../context'
import { type FleetWorld, fleetWorld } from '../../fleet/testing/fleet-world'
import { proposePlan } from '../../plans/propose-plan'
import { setPolicy } from '../../policy/set-policy'
import { NO_EDITS, type OrgPolicyEdits } from '@clawbernetes/protocol/policy/org-policy'
import type { Preset } from '@clawbernetes/protocol/policy/policy-words'

/** An organisation with named members and plans that touch nothing, for tests of who may decide. */
export interface PlanWorld extends FleetWorld {
  member(role: Role, name: string): Promise<Ctx>
  propose(ctx: Ctx, over?: Partial<PlanContent>): Promise<Approvable>
  policy(ctx: Ctx, edits: Partial<OrgPolicyEdits>, preset?: Preset): Promise<number>
}

/** What a decision names. */
export interface Approvable {
  planId: string
  label: string
  state: string
  revision: number
  digest: string
}

export async function planWorld(): Promise<PlanWorld> {
  const base = await fleetWorld()
  await base.db.orgSettings.create({ data: { organizationId: base.orgId } })
  return {
    ...base,
    member: async (role, name) => {
      const userId = `usr_${name}`
      await base.db.user.create({ data: { id: userId, name, email: `${name}@example.test` } })
      await base.db.member.create({
        data: { id: `mem_${name}`, organizationId: base.orgId, userId, role, createdAt: new Date() },
      })
      return {
        db: base.db,
        now: base.sys.now,
        actor: { kind: 'person', userId, userName: name, orgId: base.orgId, role, via: 'web' },
      }
    },
    propose: async (ctx, over = {}) => {
      const content = contentOf(over)
      const input = { intent: content.tool.name, content, threadId: null, runId: null, demo: false }
      const made = await proposePlan({ ctx, input })
      const revision = await base.db.planRevision.findFirstOrThrow({ where: { planId: made.planId } })
      return { ...made, revision: 1, digest: revision.digest }
    },
    policy: async (ctx, edits, preset = 'balanced') => {
      const { policyVersion } = await base.db.orgSettings.findUniqueOrThrow({ where: { organizationId: base.orgId } })
      const document = { preset, edits: { ...NO_EDITS, ...edits } }
      return (await setPolicy({ ctx, input: { document, expectedVersion: policyVersion } })).version
    },
  }
}

export const through = (ctx: Ctx, via: Via): Ctx => ({ ...ctx, actor: { ...ctx.actor, via } })

export const contentOf = (over: Partial<PlanContent> = {}): PlanContent => ({
  tool: { name: 'cordon_node', version: 1, args: { node: 'node-01' } },
  title: 'Cordon node-01',
  why: 'It was asked for.',
  evidence: [],
  steps: [
    {
      kind: 'cordon-node',
      args: { nodeId: 'node_none', reason: 'test', expiresAt: null },
      title: 'Cordon node-01',
      target: 'node-01',
      estimateS: null,
      reversible: 'reversible',
      note: null,
    },
  ],
  changes: [],
  commands: [],
  notDone: [],
  facts: [],
  affects: { workloads: [], nodes: [], gpus: 0 },
  cost: { perHourMicroUsd: 0, oneOffMicroUsd: 0, arithmetic: 'nothing' },
  undo: { possible: true, text: 'Uncordon it', tool: null },
  risk: 'medium',
  riskReason: 'It changes a node.',
  warnings: [],
  durationS: null,
  editable: [],
  origin: { text: 'cordon node-01', untrusted: [] },
  confirmName: null,
  ttlS: 1800,
  ...over,
})
