import { canonicalJson } from '@clawbernetes/domain/canonical-json'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { findTool } from '@clawbernetes/skills/registry/registry'
import * as z from 'zod'
import { holdSteps } from '../run-parts'
import { runTool } from '../run-tool'
import type { LlmTurn } from './llm-turn'
import type { ModelCall } from './run-call'

/** More plans than this in one answer, or steps in one proposal, are no help to the person who decides. */
const MAX_PLANS = 4

const input = z.object({
  steps: z
    .array(z.object({ tool: z.string().max(80), args: z.record(z.string(), z.unknown()).default({}) }))
    .min(1)
    .max(MAX_PLANS),
})

/**
 * The first step becomes a plan: resolved, previewed and stored by the same code as the embedded planner's. Each later one is drawn
 * up when the plan before it is done, against the fleet as it is by then: a preview from before would claim places and name facts
 * that the earlier step changes. Who proposes learns the label and what the card says; deciding is for people.
 */
export async function proposeSteps(turn: LlmTurn, call: ModelCall): Promise<string> {
  const parsed = input.safeParse(call.args)
  if (!parsed.success) {
    turn.badCalls++
    const issue = parsed.error.issues[0]
    return `The proposal was not read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'it does not fit'}. Nothing happened.`
  }
  // One proposal at a time, also when the model asks for several in one breath.
  const earlier = turn.proposing
  let done: () => void = () => {}
  turn.proposing = new Promise((resolve) => {
    done = resolve
  })
  await earlier
  try {
    return await proposeInOrder(turn, distinct(parsed.data.steps))
  } finally {
    done()
  }
}

interface Step {
  tool: string
  args: Record<string, unknown>
}

/** The same step twice is one: a model that repeats itself asks for nothing more. */
const distinct = (steps: readonly Step[]): Step[] => [
  ...new Map(steps.map((step) => [canonicalJson(step), step])).values(),
]

async function proposeInOrder(turn: LlmTurn, steps: readonly Step[]): Promise<string> {
  const [first, ...rest] = steps
  if (!first) return 'Nothing was proposed.'
  // A chain that cannot be gone through to its end is not begun.
  for (const [i, step] of rest.entries()) {
    const wrong = whyNotStep(turn, step)
    if (wrong) return `Step ${i + 2}, ${step.tool}: ${wrong} No step was proposed.`
  }
  const { collect } = turn.env
  const before = collect.plans.length
  const order = { step: 1, of: steps.length }
  const said = await proposeStep(turn, first.tool, first.args, order)
  const planId = collect.plans[before]
  if (!planId || rest.length === 0) return `Step 1, ${first.tool}: ${said}`
  const parts = rest.map((step) => ({ intent: step.tool, slots: step.args }))
  const next = holdSteps(turn.env, planId, parts, { from: 2, of: steps.length })
  turn.notes.push(next)
  return `Step 1, ${first.tool}: ${said}\n${next}`
}

function whyNotStep(turn: LlmTurn, { tool: name, args }: Step): string | null {
  const tool = findTool(name)
  if (tool?.kind === 'write' && tool.input.safeParse(args).success) return null
  turn.badCalls++
  if (!tool) return `There is no tool ${name}.`
  return tool.kind === 'write' ? 'Its arguments do not fit.' : `${name} only reads: call it directly.`
}

async function proposeStep(
  turn: LlmTurn,
  name: string,
  args: Record<string, unknown>,
  order: { step: number; of: number },
): Promise<string> {
  const { env } = turn
  const tool = findTool(name)
  if (tool?.kind !== 'write') {
    turn.badCalls++
    return tool
      ? `${name} only reads: call it directly. Nothing was proposed.`
      : `There is no tool ${name}. Nothing was proposed.`
  }
  if (new Set(env.collect.plans).size >= MAX_PLANS)
    return `This answer holds ${MAX_PLANS} plans already. Nothing was proposed.`
  const before = env.collect.plans.length
  const refuse = (_: unknown, content: PlanContent): string | null => whyNotFromHere(turn, content)
  const outcome = await runTool({ ...env, refuse, order }, tool, args)
  if (!outcome.ok) turn.badCalls += env.collect.plans.length === before && outcome.say.startsWith("I can't use") ? 1 : 0
  if (env.collect.plans.length === before) return `Nothing was proposed. ${outcome.say}`
  const label = env.collect.dialogue.focus?.plan ?? 'The plan'
  return `${label} waits for a person's decision on its card; nothing has been changed. ${outcome.say}`
}

/** After reading text from machines, a model proposes nothing that is hard to take back: a person asks for that in their own words. */
function whyNotFromHere(turn: LlmTurn, content: PlanContent): string | null {
  const { untrusted } = turn.env.turn
  if (untrusted.length === 0 || (content.risk !== 'high' && content.risk !== 'critical')) return null
  const why = `“${content.title}” is not proposed: it is ${content.risk} risk, and this conversation holds text that people outside of it may have written (${untrusted.slice(0, 3).join(', ')}). Ask for it in a new conversation, in your own words.`
  if (!turn.notes.includes(why)) turn.notes.push(why)
  return why
}
