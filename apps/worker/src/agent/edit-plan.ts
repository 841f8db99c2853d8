import { postNote } from '@clawbernetes/services/chat/post-note'
import type { SystemCtx } from '@clawbernetes/services/context'
import type { Tasks } from '@clawbernetes/services/jobs/enqueue'
import { actorOfMember } from '@clawbernetes/services/identity/actor-of-member'
import { noteEditFailure } from '@clawbernetes/services/plans/note-edit-failure'
import { orgOfPlan } from '@clawbernetes/services/plans/org-of-plan'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { reviseWith } from './revise'

/** An edit from a plan's card: the same preview again with the person's values, in the name of that person. */
export async function editPlan(sys: SystemCtx, job: Tasks['plan-edit']): Promise<void> {
  const orgId = await orgOfPlan(sys, { planId: job.planId })
  if (!orgId) return
  const actor = await actorOfMember(sys.db, orgId, job.userId, 'person', 'web')
  const ctx = { ...sys, actor }
  const plan = await readPlan({ ctx, input: { planId: job.planId } })
  if (plan.state !== 'proposed' || plan.revision !== job.revision) return
  const turn = {
    text: plan.content.origin.text,
    threadId: plan.threadId,
    focus: {},
    untrusted: plan.content.origin.untrusted,
  }
  const revised = await reviseWith(
    ctx,
    turn,
    {
      id: plan.id,
      label: plan.label,
      title: plan.content.title,
      intent: plan.content.tool.name,
      args: plan.content.tool.args,
      revision: plan.revision,
    },
    job.changes,
  )
  if (revised.ok) return
  await noteEditFailure(sys, { planId: plan.id, orgId, reason: revised.say })
  if (plan.threadId)
    await postNote(sys, {
      orgId,
      threadId: plan.threadId,
      text: `${plan.label} stays as it is. ${revised.say}`,
      blocks: [],
    })
}
