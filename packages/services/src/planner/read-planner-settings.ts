import type { PlannerSettingsView } from '@clawbernetes/protocol/views/planner'
import { type Ctx, requirePermission } from '../context'
import { settingsView } from './settings-view'

/** How the organisation's planner is set up. The key itself has no way out. */
export async function readPlannerSettings({ ctx }: { ctx: Ctx }): Promise<PlannerSettingsView> {
  requirePermission(ctx, 'managePolicy')
  return settingsView(await ctx.db.plannerSettings.findUnique({ where: { orgId: ctx.actor.orgId } }))
}
