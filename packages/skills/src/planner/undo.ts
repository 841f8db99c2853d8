import { decide } from './decide'
import { normalise } from './normalise'
import { fillSlots, SlotInput, type Slots } from './slots'
import { isTool } from './tools-table'
import { type Turn, turnBefore } from './turn'

const UNDO =
  /^(?:(?:please|ok|no|oh|wait|actually|can you|could you) )*(?:undo|reverse|take back|revert)(?: (?:that|it|this|the last (?:change|action|step|thing|one|plan|move)(?: (?:that )?(?:you|we|i) (?:just )?(?:did|made|ran|carried out|approved))?|what (?:you|we|i) (?:just |last )?did(?: last| just now)?|my last (?:change|request)))?(?: please| again| now)*$/

/** "undo that", "take it back": said in a thread, it means what was done there last. */
export const asksToUndo = (text: string): boolean =>
  UNDO.test(
    normalise(text)
      .toLowerCase()
      .replace(/[.!,;]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  )

const INVERSE: Readonly<Record<string, string>> = {
  drain_node: 'uncordon_node',
  cordon_node: 'uncordon_node',
  uncordon_node: 'cordon_node',
  schedule_cron: 'schedule_delete',
  schedule_report: 'schedule_delete',
  canary_start: 'rollback',
  canary_promote: 'rollback',
  market_offer_create: 'market_offer_cancel',
  stop_workload: 'resume_workload',
}

/** "undo that": the inverse of what was asked for last, where there is one; otherwise a question. */
export function readUndo(turn: Turn): { intent: string; slots: Slots } | undefined {
  if (!UNDO.test(turn.line)) return undefined
  const { state } = turn
  if (state.lastUser === '')
    return state.focus.canary !== undefined || state.focus.rollout !== undefined
      ? { intent: 'rollback', slots: fillSlots('rollback', new SlotInput(turn.text, turn.entities, state, turn.index)) }
      : { intent: 'clarify', slots: {} }
  const before = turnBefore(turn)
  const last = decide(before).intent
  const inverse = INVERSE[last]
  if (inverse === undefined || !isTool(inverse)) return { intent: 'clarify', slots: {} }
  return {
    intent: inverse,
    slots: fillSlots(inverse, new SlotInput(before.text, before.entities, before.state, before.index)),
  }
}
