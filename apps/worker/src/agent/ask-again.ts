import { findTool } from '@clawbernetes/skills/registry/registry'
import { postNote } from '@clawbernetes/services/chat/post-note'
import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { actorOfMember } from '@clawbernetes/services/identity/actor-of-member'
import type { Tasks } from '@clawbernetes/services/jobs/enqueue'
import { noteAgainFailure } from '@clawbernetes/services/plans/note-again-failure'
import { openSuccessor } from '@clawbernetes/services/plans/open-successor'
import { orgOfPlan } from '@clawbernetes/services/plans/org-of-plan'
import { proposePlan } from '@clawbernetes/services/plans/propose-plan'
import { readPlan } from '@clawbernetes/services/plans/read-plan'

/** A fresh proposal from an old plan's arguments, in the name of the person who asked for it again. What was untrusted stays so. */
export async function askAgain(sys: SystemCtx, job: Tasks['plan-again']): Promise<void> {
  const orgId = await orgOfPlan(sys, { planId: job.planId })
  if (!orgId) return
  const ctx = { ...sys, actor: await actorOfMember(sys.db, orgId, job.userId, 'person', 'web') }
  const plan = await readPlan({ ctx, input: { planId: job.planId } })
  const fail = (reason: string) => noteAgainFailure(sys, { planId: plan.id, orgId, reason })
  if (await openSuccessor({ ctx, input: { planId: plan.id } })) return
  const { name, args } = plan.content.tool
  const tool = findTool(name)
  if (tool?.kind !== 'write') return fail('This installation no longer has the tool that made it.')
  const parsed = tool.input.safeParse(args)
  if (!parsed.success) return fail('Its arguments no longer fit. Ask for it in the chat.')
  const { origin } = plan.content
  const turn = { text: origin.text, threadId: plan.threadId, focus: {}, untrusted: [...origin.untrusted] }
  try {
    const preview = await tool.preview(parsed.data, { ctx, turn })
    if (!preview.ok) return await fail('question' in preview ? preview.question.ask : preview.say)
    const content = { ...preview.content, origin }
    const { planId } = await proposePlan({
      ctx,
      input: { intent: name, content, threadId: plan.threadId, runId: null, demo: preview.demo, parentId: plan.id },
    })
    if (plan.threadId)
      await postNote(sys, {
        orgId,
        threadId: plan.threadId,
        text: `${plan.label} once more: ${preview.say}`,
        blocks: [{ type: 'plan', planId }],
      })
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    await fail(error.message)
  }
}
