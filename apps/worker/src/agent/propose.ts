import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Preview, Turn, WriteTool } from '@clawbernetes/skills/registry/define-tool'
import type { Ctx } from '@clawbernetes/services/context'
import { proposePlan } from '@clawbernetes/services/plans/propose-plan'
import { planOfRun } from '@clawbernetes/services/plans/plan-of-run'
import type { TurnCollector } from './turn-collector'

export interface ProposedWhere {
  threadId: string
  runId: string
  /** When this attempt of the run began. */
  startedAt: Date
  turn: Turn
  /** Of a request with several steps: which one this is. */
  order?: { step: number; of: number } | undefined
  /** What was given already, for when the tool asks for the rest. */
  slots?: Record<string, unknown>
  /** The plan that this one takes back. */
  parentId?: string
}

/** Turns a tool's preview into a stored plan and its card, or into the question or refusal that it answered with. */
export async function proposeFromPreview(
  ctx: Ctx,
  tool: WriteTool,
  preview: Preview,
  where: ProposedWhere,
  collect: TurnCollector,
): Promise<string> {
  if (preview.ok) {
    const content = inOrder(withOrigin(preview.content, where.turn), where.order)
    // A run that is repeated after a crash finds the plan it had already proposed.
    const earlier = await planOfRun({
      ctx,
      input: {
        runId: where.runId,
        intent: tool.name,
        args: content.tool.args,
        since: where.startedAt,
        except: collect.plans,
      },
    })
    const { planId, label, state } =
      earlier ??
      (await proposePlan({
        ctx,
        input: {
          intent: tool.name,
          content,
          threadId: where.threadId,
          runId: where.runId,
          demo: preview.demo,
          parentId: where.parentId ?? null,
        },
      }))
    if (!collect.plans.includes(planId)) collect.blocks.push(...(preview.blocks ?? []), { type: 'plan', planId })
    collect.plans.push(planId)
    collect.dialogue.focus = { ...collect.dialogue.focus, ...preview.focus, plan: label }
    return state === 'approved' ? `${preview.say} The policy lets ${label} run at once.` : preview.say
  }
  if ('question' in preview) {
    const { question } = preview
    collect.dialogue.asking = { intent: tool.name, slots: where.slots ?? {}, slot: question.slot }
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

/** A card that is one of several steps says which. */
const inOrder = (content: PlanContent, order: ProposedWhere['order']): PlanContent =>
  order === undefined || order.of === 1
    ? content
    : { ...content, title: `Step ${order.step} of ${order.of}: ${content.title}`.slice(0, 160) }

/** Where it came from is not left to the tool: the person's words, and all that the turn had read before. */
export const withOrigin = (content: PlanContent, turn: Turn): PlanContent => ({
  ...content,
  origin: {
    text: turn.text.slice(0, 2000),
    untrusted: [...new Set([...content.origin.untrusted, ...turn.untrusted])].slice(0, 20),
  },
})
