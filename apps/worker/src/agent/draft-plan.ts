import type { Block } from '@clawbernetes/protocol/views/blocks'
import { postNote } from '@clawbernetes/services/chat/post-note'
import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { actorOfMember } from '@clawbernetes/services/identity/actor-of-member'
import type { Tasks } from '@clawbernetes/services/jobs/enqueue'
import { listPlans } from '@clawbernetes/services/plans/list-plans'
import { proposePlan } from '@clawbernetes/services/plans/propose-plan'
import { findTool } from '@clawbernetes/skills/registry/registry'

/** Calls a tool for a button of the web app, in the name of whoever pressed it: its card or its refusal goes into the conversation. */
export async function draftPlan(sys: SystemCtx, job: Tasks['plan-draft']): Promise<void> {
  const { orgId, threadId } = job
  const say = (text: string, blocks: Block[] = []) => postNote(sys, { orgId, threadId, text, blocks })
  const tool = findTool(job.tool)
  if (tool?.kind !== 'write') return say('This installation does not have the tool for that.')
  const parsed = tool.input.safeParse(job.args)
  if (!parsed.success) return say(parsed.error.issues[0]?.message ?? 'That cannot be done as it was asked for.')
  try {
    const ctx = { ...sys, actor: await actorOfMember(sys.db, orgId, job.userId, 'person', 'web') }
    const turn = { text: job.text, threadId, focus: {}, untrusted: [] }
    const preview = await tool.preview(parsed.data, { ctx, turn })
    if (!preview.ok) return await say('question' in preview ? preview.question.ask : preview.say)
    // After a crash between the two, the plan is there already.
    const [earlier] = await listPlans({ ctx, input: { view: 'all', threadId, limit: 1 } })
    const planId =
      earlier?.id ??
      (
        await proposePlan({
          ctx,
          input: { intent: tool.name, content: preview.content, threadId, runId: null, demo: preview.demo },
        })
      ).planId
    await say(preview.say, [{ type: 'plan', planId }])
  } catch (error) {
    // The policy or the emergency stop refuses it, or the rights are gone: said, not tried again.
    if (!(error instanceof ServiceError)) throw error
    await say(error.message)
  }
}
