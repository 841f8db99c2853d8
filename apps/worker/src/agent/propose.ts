import type { Preview, WriteTool } from '@clawbernetes/skills/registry/define-tool'
import type { Ctx } from '@clawbernetes/services/context'
import { proposePlan } from '@clawbernetes/services/plans/propose-plan'
import { planOfRun } from '@clawbernetes/services/plans/plan-of-run'
import type { TurnCollector } from './turn-collector'

/** Turns a tool's preview into a stored plan and its card, or into the question or refusal that it answered with. */
export async function proposeFromPreview(
  ctx: Ctx,
  tool: WriteTool,
  preview: Preview,
  where: { threadId: string; runId: string },
  collect: TurnCollector,
): Promise<string> {
  if (preview.ok) {
    // A run that is repeated after a crash finds the plan it had already proposed.
    const earlier = await planOfRun({ ctx, input: { runId: where.runId, intent: tool.name } })
    const { planId, label, state } =
      earlier ??
      (await proposePlan({
        ctx,
        input: {
          intent: tool.name,
          content: preview.content,
          threadId: where.threadId,
          runId: where.runId,
          demo: preview.demo,
        },
      }))
    collect.blocks.push(...(preview.blocks ?? []), { type: 'plan', planId })
    collect.dialogue.focus = { ...collect.dialogue.focus, ...preview.focus, plan: label }
    return state === 'approved' ? `${preview.say} The policy lets ${label} run at once.` : preview.say
  }
  if ('question' in preview) {
    const { question } = preview
    collect.dialogue.asking = { intent: tool.name, slots: {}, slot: question.slot }
    collect.blocks.push(...question.blocks)
    if (question.options.length > 0)
      collect.blocks.push({ type: 'choice', question: question.ask, options: question.options })
    return question.ask
  }
  collect.blocks.push(...preview.blocks)
  if (preview.options.length > 0)
    collect.blocks.push({ type: 'choice', question: 'What would work', options: preview.options })
  return preview.say
}
