import type { Tx } from '../context'
import { recordEvents } from '../log/record-events'

export type PlanEventKind =
  | 'plan.proposed'
  | 'plan.revised'
  | 'plan.decided'
  | 'plan.step'
  | 'plan.finished'
  | 'plan.expired'
  | 'plan.withdrawn'

interface PlanOfEvent {
  id: string
  orgId: string
  version: number
  state: string
  threadId: string | null
  parentId: string | null
}

/** Tells the organisation (inbox, badge), the plan's page, its thread, and whoever looks at the plan that it takes back or repeats. */
export async function recordPlanEvent(tx: Tx, plan: PlanOfEvent, kind: PlanEventKind): Promise<void> {
  await recordEvents(tx, planEvents(plan, kind))
}

export function planEvents(plan: PlanOfEvent, kind: PlanEventKind) {
  const event = { orgId: plan.orgId, kind, entityId: plan.id, entityVersion: plan.version, data: { state: plan.state } }
  const rooms = [
    `org:${plan.orgId}`,
    `plan:${plan.id}`,
    ...(plan.parentId ? [`plan:${plan.parentId}`] : []),
    ...(plan.threadId ? [`thread:${plan.threadId}`] : []),
  ]
  return rooms.map((room) => ({ ...event, room }))
}
