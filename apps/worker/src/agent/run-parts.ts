import { describe } from '@clawbernetes/skills/planner/reply'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Turn } from '@clawbernetes/skills/registry/define-tool'
import { findTool } from '@clawbernetes/skills/registry/registry'
import type { HeldSteps } from '@clawbernetes/services/chat/claim-run'
import { planLabel } from '@clawbernetes/services/plans/plan-digest'
import { runEmbedded } from './agent-loop'
import { isAct } from './act-on-plans'
import type { ToolRun } from './run-tool'
import { takeHeld } from './take-held'

export interface Part {
  intent: string
  slots: Record<string, unknown>
}

/** Where in a request of several steps we are. */
export interface Order {
  /** Of the first part, from 1. */
  from: number
  of: number
}

/**
 * The steps of one request, in order. Looks happen at once; the first change gets its card, and what stands behind it waits until
 * that plan is done: it is then drawn up against the world as it is by then, and nothing is done before its predecessor.
 * @param look what is no tool; it is never kept for later
 */
export async function runParts<P extends Part>(
  env: ToolRun,
  parts: readonly P[],
  { from, of }: Order,
  look: (part: P) => Promise<string>,
): Promise<string[]> {
  const words: string[] = []
  for (const [i, part] of parts.entries()) {
    const step = from + i
    if (isAct(part.intent)) {
      words.push(await look(part))
      continue
    }
    const before = env.collect.plans.length
    words.push(await runPart({ ...env, order: { step, of } }, part, look))
    if (findTool(part.intent)?.kind !== 'write') continue
    const rest = parts.slice(i + 1)
    if (rest.length === 0) return words
    const planId = env.collect.plans[before]
    words.push(
      planId
        ? holdSteps(env, planId, rest, { from: step + 1, of })
        : isAsked(part)
          ? `When that is clear, ask again for the rest: ${list(rest)}.`
          : `What was to follow is left out: ${list(rest)}.`,
    )
    return words
  }
  return words
}

/** Something is missing that only the person can say. */
const isAsked = (part: Part & { askFor?: string }): boolean => part.askFor !== undefined

/** What cannot be done here yet is said at once, not after asking for its details. */
function isNotYet({ intent, slots }: Part): boolean {
  const tool = findTool(intent)
  return tool?.kind === 'read' && tool.notYet !== undefined && tool.input.safeParse(slots).success
}

async function runPart<P extends Part>(env: ToolRun, part: P, look: (part: P) => Promise<string>): Promise<string> {
  if (isAsked(part) && !isNotYet(part)) return look(part)
  // What was recommended after reading text from machines is proposed with that mark, also a turn later.
  const recommended = env.run.dialogue.recommendation
  if (recommended?.intent === part.intent) env.turn.untrusted.push(...(recommended.untrusted ?? []))
  return runEmbedded(env, [{ name: part.intent, args: part.slots }])
}

/** What follows a turn that had read text from outside is never hard to take back: a person asks for that in their own words. */
const hardAfterReading =
  ({ untrusted }: Turn) =>
  (_: unknown, content: PlanContent): string | null =>
    untrusted.length > 0 && (content.risk === 'high' || content.risk === 'critical')
      ? `“${content.title}” is not proposed: it is ${content.risk} risk, and the request was formed after reading text that people outside of it may have written (${untrusted.slice(0, 3).join(', ')}). Ask for it anew, in your own words.`
      : null

/** Decisions are never kept: they are made on a card that stands there. */
export function holdSteps(env: ToolRun, planId: string, rest: readonly Part[], { from, of }: Order): string {
  const { collect, turn } = env
  const kept = rest.filter((part) => !isAct(part.intent))
  const label = collect.dialogue.focus?.plan ?? 'the plan'
  if (kept.length === 0) return `${label} is decided on its card.`
  const held: HeldSteps = {
    planId,
    text: turn.text,
    from,
    of,
    untrusted: [...turn.untrusted],
    steps: kept.map(({ intent, slots }) => ({ intent, slots })),
  }
  const others = (collect.dialogue.then ?? []).filter((next) => next.planId !== planId)
  collect.dialogue.then = [...others, held].slice(-MOST_HELD)
  return `That is step ${from - 1} of ${of}. When ${label} is done I go on with ${list(kept)}.`
}

/** Requests of one conversation whose later steps wait at the same time. */
const MOST_HELD = 8

const list = (parts: readonly Part[]): string => parts.map((part) => describe(part.intent, part.slots)).join('; then ')

/** After a plan's end: the steps that waited for it, or why they are not done. Returns the words; null: nothing waited. */
export async function runHeld(
  env: Omit<ToolRun, 'turn'>,
  plan: { id: string; number: number; state: string; threadId: string | null },
): Promise<string | null> {
  const held = takeHeld(env.collect, plan.id)
  if (!held) return null
  if (plan.state !== 'succeeded')
    return `Because ${planLabel(plan.number)} is ${plan.state}, what was to follow is left out: ${list(held.steps)}.`
  const turn = { text: held.text, threadId: plan.threadId, focus: {}, untrusted: [...held.untrusted] }
  const words = await runParts({ ...env, turn, refuse: hardAfterReading(turn) }, held.steps, held, async () => '')
  return words.filter(Boolean).join('\n\n')
}
