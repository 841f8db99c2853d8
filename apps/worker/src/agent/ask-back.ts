import { readState } from '@clawbernetes/skills/planner/context'
import { indexInventory } from '@clawbernetes/skills/planner/inventory'
import { ownExample } from '@clawbernetes/skills/planner/own-example'
import type { Inventory, Option, PlannerContext, Understanding } from '@clawbernetes/skills/planner/understand'
import type { TurnCollector } from './turn-collector'

/** As many as a chat, Slack or the command line can show. */
const MOST_OPTIONS = 8
const MOST_NEAREST = 3

/** What the planner knew when it read the sentence. */
export interface Read {
  text: string
  context: PlannerContext
  inventory: Inventory
}

/** A question back: its words, what the conversation must remember to take the answer, and the answers as buttons. */
export function askBack(u: Understanding, read: Read, collect: TurnCollector): string {
  if (u.asking) collect.dialogue.asking = u.asking
  if (u.options?.length) offer(u.text, u.options, collect)
  else if (!u.asking) offer('Did you mean one of these?', nearestOf(u, read), collect)
  return u.text
}

export function offer(question: string, options: readonly Option[], collect: TurnCollector): void {
  if (options.length > 0)
    collect.blocks.push({ type: 'choice', question: question.slice(0, 500), options: options.slice(0, MOST_OPTIONS) })
}

/** What it might have been, about what the person named. */
function nearestOf(u: Understanding, { text, context, inventory }: Read): Option[] {
  const index = indexInventory(inventory)
  const state = readState(context, index)
  return u.nearest.slice(0, MOST_NEAREST).flatMap((tool) => {
    const example = ownExample(tool, text, state, index)
    return example === undefined ? [] : [{ label: example, send: example }]
  })
}
