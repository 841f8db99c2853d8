import { readConsent } from './consent'
import { readState } from './context'
import { guard } from './guard'
import { indexInventory } from './inventory'
import { normalise } from './normalise'
import { readTurn } from './turn'
import { understand, type UnderstandInput } from './understand'

/**
 * True for a message that must be read by the closed grammar alone and never by a language model: a yes, a no or a change while
 * plans wait, and what the rules refuse. So no model can approve, and no model is asked to go around an approval.
 */
export function isActOnPlans(input: UnderstandInput): boolean {
  const text = normalise(input.utterance)
  if (guard(text) !== undefined) return true
  const index = indexInventory(input.inventory)
  const state = readState(input.context, index)
  if (state.pending.length === 0) return false
  const consent = readConsent(readTurn(text, state, index))
  if (consent.do === 'read') return false
  return consent.do !== 'none' || isPlainChange(input)
}

/** "use two GPUs instead": a change of the waiting plan that needs no model, and makes its next revision. */
function isPlainChange(input: UnderstandInput): boolean {
  const { intent, slots } = understand(input)
  return intent === 'modify_plan' && Object.keys(slots).some((slot) => slot !== 'plan')
}
