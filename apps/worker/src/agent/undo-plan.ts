import { findTool } from '@clawbernetes/skills/registry/registry'
import { postNote } from '@clawbernetes/services/chat/post-note'
import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { actorOfMember } from '@clawbernetes/services/identity/actor-of-member'
import type { Tasks } from '@clawbernetes/services/jobs/enqueue'
import { findUndo } from '@clawbernetes/services/plans/find-undo'
import { noteUndoFailure } from '@clawbernetes/services/plans/note-undo-failure'
import { orgOfPlan } from '@clawbernetes/services/plans/org-of-plan'
import { proposePlan } from '@clawbernetes/services/plans/propose-plan'
import { readPlan } from '@clawbernetes/services/plans/read-plan'

/** Drafts the plan that takes a finished one back, in the name of the person who pressed Undo, and shows its card in the thread. */
export async function undoPlan(sys: SystemCtx, job: Tasks['plan-undo']): Promise<void> {
  const orgId = await orgOfPlan(sys, { planId: job.planId })
  if (!orgId) return
  const ctx = { ...sys, actor: await actorOfMember(sys.db, orgId, job.userId, 'person', 'web') }
  const plan = await readPlan({ ctx, input: { planId: job.planId } })
  if (await findUndo(sys.db, { id: plan.id, orgId }, sys.now())) return
  const undo = plan.content.undo.tool
  const tool = undo ? findTool(undo.name) : undefined
  const turn = { text: `Undo ${plan.label}`, threadId: plan.threadId, focus: {}, untrusted: [] }
  const note = (text: string, blocks: Parameters<typeof postNote>[1]['blocks']) =>
    plan.threadId ? postNote(sys, { orgId, threadId: plan.threadId, text, blocks }) : Promise.resolve()
  /** Said where it was asked for and on the old plan's receipt. */
  const fail = async (reason: string) => {
    await noteUndoFailure(sys, { planId: plan.id, orgId, reason })
    await note(`To undo ${plan.label}: ${reason}`, [])
  }
  if (!undo || tool?.kind !== 'write') return fail('This installation no longer has the tool for it.')
  const args = tool.input.safeParse(undo.args)
  if (!args.success) return fail('Its arguments no longer fit. Ask for it in the chat.')
  const preview = await tool.preview(args.data, { ctx, turn })
  if (!preview.ok) return fail('question' in preview ? preview.question.ask : preview.say)
  const input = {
    intent: undo.name,
    content: preview.content,
    threadId: plan.threadId,
    runId: null,
    demo: preview.demo,
    parentId: plan.id,
  }
  const proposed = await proposePlan({ ctx, input }).catch((error: unknown) => {
    // The policy or the emergency stop refuses it: said in the thread, not tried again.
    if (error instanceof ServiceError) return error
    throw error
  })
  if (proposed instanceof ServiceError) return fail(proposed.message)
  const { planId } = proposed
  await note(`To undo ${plan.label}: ${preview.say}`, [{ type: 'plan', planId }])
}
