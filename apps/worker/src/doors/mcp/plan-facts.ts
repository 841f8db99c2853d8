import { isFinal } from '@clawbernetes/domain/plans/plan-machine'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import * as z from 'zod'

/** What a write tool answers: where its plan stands, and what the card shows. */
export const planOutput = z.object({
  status: z
    .enum(['waiting-for-approval', 'approved', 'running', 'done', 'not-done', 'not-proposed'])
    .describe('not-proposed: nothing was drafted, the message says why or what is missing.'),
  message: z.string(),
  plan: z
    .object({
      label: z.string(),
      state: z.string(),
      title: z.string(),
      why: z.string(),
      risk: z.string(),
      steps: z.array(z.object({ title: z.string(), state: z.string(), progress: z.string().nullable() })),
      changes: z.array(z.object({ label: z.string(), before: z.string(), after: z.string() })),
      warnings: z.array(z.string()),
      costPerHourMicroUsd: z.number().nullable(),
      undo: z.string(),
      expiresAt: z.string(),
      decidedBy: z.array(z.object({ name: z.string(), decision: z.string(), at: z.string(), via: z.string() })),
      outcome: z.string().nullable(),
      url: z.string(),
    })
    .nullable(),
})
export type PlanOutput = z.infer<typeof planOutput>

export const isOver = (view: PlanView): boolean => isFinal(view.state)

const DONE = new Set(['succeeded', 'compensated'])

export function planFacts(view: PlanView): PlanOutput {
  const { content } = view
  const status =
    view.state === 'proposed'
      ? 'waiting-for-approval'
      : view.state === 'approved'
        ? 'approved'
        : isOver(view)
          ? DONE.has(view.state)
            ? 'done'
            : 'not-done'
          : 'running'
  return {
    status,
    message: messageOf(view),
    plan: {
      label: view.label,
      state: view.state,
      title: content.title,
      why: content.why,
      risk: view.risk,
      steps: content.steps.map((step, ordinal) => {
        const done = view.steps.find((s) => s.ordinal === ordinal)
        return { title: step.title, state: done?.state ?? 'planned', progress: done?.progress ?? null }
      }),
      changes: content.changes,
      warnings: content.warnings,
      costPerHourMicroUsd: content.cost.perHourMicroUsd,
      undo: content.undo.text,
      expiresAt: view.expiresAt,
      decidedBy: view.decisions.map((d) => ({ name: d.userName, decision: d.decision, at: d.at, via: d.via })),
      outcome: view.outcome?.text ?? null,
      url: planUrl(view.id),
    },
  }
}

const planUrl = (id: string): string =>
  `${process.env.PUBLIC_URL ?? process.env.BETTER_AUTH_URL ?? 'http://localhost:3000'}/plans/${id}`

function messageOf(view: PlanView): string {
  const { label, content } = view
  const decided = view.decisions.at(-1)
  const who = decided ? ` ${decided.userName} decided at ${decided.at.slice(11, 19)} UTC.` : ''
  if (view.state === 'proposed')
    return `Waiting for approval ${label}: ${content.title} (${view.risk} risk). A person decides at ${planUrl(view.id)} or with \`claw approve ${label}\`; no tool can. Look again with wait_for_plan {"plan":"${label}"}.`
  if (view.outcome) return `${view.outcome.text}${who}`
  if (view.state === 'rejected')
    return `${label} was rejected${decided?.reason ? `: ${decided.reason}` : ''}.${who} Nothing was changed.`
  if (view.state === 'expired') return `${label} expired before anybody decided. Nothing was changed.`
  if (view.state === 'withdrawn') return `${label} was withdrawn. Nothing was changed.`
  const step = view.steps.find((s) => s.state === 'running' || s.state === 'waiting')
  const doing = step ? ` ${step.title}${step.progress ? `: ${step.progress}` : ''}.` : ''
  return `${label} is ${view.state}.${doing}${who} Look again with wait_for_plan {"plan":"${label}"}.`
}
