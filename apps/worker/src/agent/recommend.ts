import { findTool } from '@clawbernetes/skills/registry/registry'
import type { WriteTool } from '@clawbernetes/skills/registry/define-tool'
import { allowed } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { recommendPlan } from '@clawbernetes/services/plans/recommend-plan'
import { withOrigin } from './propose'
import type { ToolRun } from './run-tool'
import { tellStep } from './tell-step'

/**
 * A recommendation comes with its card: what the answer recommends is drawn up at once, so that "do it" approves exactly what the
 * person saw. Who may not propose gets the words alone, and so does everybody where it cannot be done, or not without a question.
 * @returns the question that belongs to the card; null: there is none
 */
export async function proposeRecommended(env: ToolRun): Promise<string | null> {
  const { collect, ctx } = env
  const { recommendation } = collect.dialogue
  const tool = recommendation ? findTool(recommendation.intent) : undefined
  if (!recommendation || tool?.kind !== 'write' || !allowed(ctx, 'propose')) return null
  const args = tool.input.safeParse(recommendation.slots)
  if (!args.success) return null
  try {
    return await draw(env, tool, args.data)
  } catch (error) {
    // The policy or the emergency stop refuses it: the recommendation stays words.
    if (error instanceof ServiceError) return null
    throw error
  }
}

async function draw(env: ToolRun, tool: WriteTool, args: unknown): Promise<string | null> {
  const { collect, ctx, run, sys } = env
  const [startedAt, began] = [sys.now(), performance.now()]
  const turn = { ...env.turn, recommended: true }
  const preview = await tool.preview(args, { ctx, turn })
  if (!preview.ok) return null
  const content = withOrigin(preview.content, turn)
  const { planId, label, digest, typedConsent, underWay } = await recommendPlan({
    ctx,
    input: { intent: tool.name, content, threadId: run.threadId, runId: run.id, demo: preview.demo },
  })
  await tellStep(env, {
    name: tool.name,
    title: tool.title,
    args: content.tool.args,
    state: 'done',
    result: preview.say.slice(0, 1500),
    error: null,
    untrusted: false,
    startedAt,
    durationMs: Math.round(performance.now() - began),
  })
  if (!collect.plans.includes(planId)) collect.blocks.push(...(preview.blocks ?? []), { type: 'plan', planId })
  collect.plans.push(planId)
  if (underWay) {
    // Nothing to say yes to.
    collect.dialogue.recommendation = undefined
    return `${label} does that already.`
  }
  if (collect.dialogue.recommendation) collect.dialogue.recommendation.plan = { id: planId, digest }
  collect.dialogue.focus = { ...collect.dialogue.focus, ...preview.focus, plan: label }
  return typedConsent
    ? `Shall I do it? ${label} is drawn up: say “do it”, or use its card.`
    : `Shall I do it? ${label} is drawn up and waits on its card.`
}
