import { z } from '@hono/zod-openapi'
import { risk } from '@clawbernetes/protocol/plans/content'
import type { PlanListItem, PlanView } from '@clawbernetes/protocol/views/plan'

const at = z.iso.datetime()
const planState = z.enum([
  'proposed',
  'approved',
  'running',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
  'rejected',
  'expired',
  'stale',
  'withdrawn',
  'compensating',
  'compensated',
  'needs_attention',
]) satisfies z.ZodType<PlanView['state']>

export const planListItem = z
  .object({
    id: z.string(),
    label: z.string().openapi({ example: 'PL-204' }),
    revision: z.number().int(),
    digest: z.string().openapi({ description: 'Names exactly what would be done; a decision must carry it.' }),
    action: z.string().openapi({ example: 'drain_node', description: 'The tool that made it.' }),
    title: z.string(),
    state: planState,
    risk,
    proposedBy: z.string(),
    threadId: z.string().nullable(),
    createdAt: at,
    expiresAt: at,
    approvalsNeeded: z.number().int(),
    approvals: z.number().int(),
    mine: z.boolean(),
    demo: z.boolean(),
  })
  .openapi('PlanListItem') satisfies z.ZodType<PlanListItem>

const step = z.object({
  title: z.string(),
  kind: z.string(),
  target: z.string(),
  reversible: z.enum(['reversible', 'pauses', 'irreversible']),
  note: z.string().nullable(),
  estimateS: z.number().nullable(),
  state: z
    .enum(['planned', 'pending', 'running', 'waiting', 'succeeded', 'failed', 'skipped', 'compensating', 'compensated'])
    .openapi({ description: '`planned` until the plan is approved.' }),
  progress: z.string().nullable(),
  error: z.string().nullable(),
})

/** What a plan's card shows, from the same row, in one flat object. */
export const plan = z
  .object({
    ...planListItem.omit({ approvals: true, mine: true, proposedBy: true, action: true }).shape,
    version: z.number().int().openapi({ description: 'Grows with every change; pass it to wait for the next one.' }),
    stateReason: z.string().nullable(),
    proposedBy: z.object({ id: z.string(), name: z.string(), kind: z.enum(['agent', 'person']) }),
    why: z.string(),
    tool: z.object({ name: z.string(), args: z.record(z.string(), z.unknown()) }),
    steps: z.array(step),
    changes: z.array(z.object({ label: z.string(), before: z.string(), after: z.string() })),
    commands: z.array(z.object({ where: z.string(), argv: z.array(z.string()) })),
    affects: z.object({
      workloads: z.array(z.object({ id: z.string(), name: z.string(), owner: z.string() })),
      nodes: z.array(z.object({ id: z.string(), name: z.string() })),
      gpus: z.number().int(),
    }),
    cost: z.object({
      perHourMicroUsd: z.number().int().nullable(),
      oneOffMicroUsd: z.number().int().nullable(),
      arithmetic: z.string(),
    }),
    undo: z.object({ possible: z.boolean(), text: z.string() }),
    riskReason: z.string(),
    warnings: z.array(z.string()),
    notDone: z.array(z.string()),
    untrusted: z
      .array(z.string())
      .openapi({ description: 'Texts from machines or strangers that were read before this was drafted.' }),
    confirmName: z.string().nullable().openapi({ description: 'High risk: send this as `typedName` to approve.' }),
    drift: z.array(z.object({ text: z.string(), was: z.string(), is: z.string() })),
    decisions: z.array(
      z.object({
        userName: z.string(),
        decision: z.enum(['approve', 'reject']),
        reason: z.string().nullable(),
        via: z.string(),
        at,
      }),
    ),
    may: z
      .object({
        approve: z.boolean(),
        reject: z.boolean(),
        cancel: z.boolean(),
        undo: z.boolean(),
        why: z.string().nullable(),
      })
      .openapi({ description: 'What this key may do with the plan now.' }),
    outcome: z
      .object({ text: z.string(), facts: z.array(z.object({ label: z.string(), value: z.string() })) })
      .nullable(),
    startedAt: at.nullable(),
    finishedAt: at.nullable(),
  })
  .openapi('Plan')

export function planBody(view: PlanView): z.input<typeof plan> {
  const { content } = view
  return {
    ...view,
    title: content.title,
    why: content.why,
    tool: content.tool,
    steps: content.steps.map((planned, ordinal) => {
      const done = view.steps.find((s) => s.ordinal === ordinal)
      return {
        ...planned,
        state: done?.state ?? 'planned',
        progress: done?.progress ?? null,
        error: done?.error ?? null,
      }
    }),
    changes: content.changes,
    commands: content.commands,
    affects: content.affects,
    cost: content.cost,
    undo: content.undo,
    riskReason: content.riskReason,
    warnings: content.warnings,
    notDone: content.notDone,
    untrusted: content.origin.untrusted,
    confirmName: content.confirmName,
    may: view.rights,
  }
}

export const decided = z
  .object({
    planId: z.string(),
    label: z.string(),
    state: planState,
    text: z.string().openapi({ description: 'What happened, or what is still missing, in words.' }),
  })
  .openapi('Decision')
