import { asksToUndo } from '@clawbernetes/skills/planner/undo'
import { findTool } from '@clawbernetes/skills/registry/registry'
import type { Turn } from '@clawbernetes/skills/registry/define-tool'
import type { ClaimedRun } from '@clawbernetes/services/chat/claim-run'
import type { Ctx } from '@clawbernetes/services/context'
import { lastDone } from '@clawbernetes/services/plans/last-done'
import { proposeFromPreview } from './propose'
import type { TurnCollector } from './turn-collector'

/**
 * "Undo that" in a thread where something was done: the plan that takes the last one back, as its card said it would. Decided by
 * rows and never by a model. null: the words mean something else, or nothing was done here; the planner answers.
 */
export async function undoInThread(
  ctx: Ctx,
  run: ClaimedRun,
  text: string,
  collect: TurnCollector,
): Promise<string | null> {
  if (!asksToUndo(text)) return null
  const done = await lastDone({ ctx, input: { threadId: run.threadId } })
  if (!done) return null
  const { undo } = done.content
  const tool = undo.tool ? findTool(undo.tool.name) : undefined
  if (!undo.tool || tool?.kind !== 'write') return `${done.label}: ${undo.text}`
  const args = tool.input.safeParse(undo.tool.args)
  if (!args.success) return `${done.label} cannot be undone in one step. ${undo.text}`
  const turn: Turn = { text, threadId: run.threadId, focus: {}, untrusted: [...collect.untrusted] }
  const preview = await tool.preview(args.data, { ctx, turn })
  const where = { threadId: run.threadId, runId: run.id, startedAt: run.startedAt, turn, parentId: done.planId }
  return `To undo ${done.label}: ${await proposeFromPreview(ctx, tool, preview, where, collect)}`
}
