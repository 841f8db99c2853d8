import type { Tx } from '../context'
import { recordEvent } from '../log/record-event'

export type PlanEventKind =
  | 'plan.proposed'
  | 'plan.revised'
  | 'plan.decided'
  | 'plan.step'
  | 'plan.finished'
  | 'plan.expired'
  | 'plan.withdrawn'

/** Tells the organisation (inbox, badge), the plan's page and its thread. */
export async function recordPlanEvent(
  tx: Tx,
  plan: { id: string; orgId: string; version: number; state: string; threadId: string | null },
  kind: PlanEventKind,
): Promise<void> {
  const event = { orgId: plan.orgId, kind, entityId: plan.id, entityVersion: plan.version, data: { state: plan.state } }
  await recordEvent(tx, { ...event, room: `org:${plan.orgId}` })
  await recordEvent(tx, { ...event, room: `plan:${plan.id}` })
  if (plan.threadId) await recordEvent(tx, { ...event, room: `thread:${plan.threadId}` })
}
