import { type ActReading, meansIntent } from './acts'
import type { PendingPlan, State } from './context'
import { all } from './entities/entity'
import { decisions, isForCard, whichToReject, yesOrNo } from './plan-options'
import { describe, list } from './reply'
import type { Turn } from './turn'
import type { Option } from './understand'

/** What a sentence of consent or refusal leads to. `read` hands the rest on as a request of its own. */
export type Consent =
  | { do: 'approve'; plan: PendingPlan }
  | { do: 'reject'; plan?: PendingPlan }
  | { do: 'propose'; intent: string; slots: Readonly<Record<string, unknown>> }
  | { do: 'modify' }
  | { do: 'clarify'; text: string; options?: Option[] }
  | { do: 'read'; text: string }
  | { do: 'none' }

/** A yes, held against what waits; `words`: what was said behind it about the plan. */
export function affirmed(turn: Turn, act: ActReading, words: string): Consent {
  const { state } = turn
  const named = all(turn.entities, 'planId').map((entity) => entity.value)
  if (act.named !== undefined || named.length > 0) return affirmedById(state, named)
  if (state.pending.length === 0) {
    if (state.recommendation !== undefined) return { do: 'propose', ...state.recommendation }
    return { do: 'clarify', text: 'Nothing is waiting for approval.' }
  }
  const meant = words === '' ? [] : state.pending.filter((plan) => meansIntent(words, plan.intent))
  const only = state.pending.length === 1 ? state.pending[0] : meant.length === 1 ? meant[0] : undefined
  if (only === undefined)
    return {
      do: 'clarify',
      text: `${state.pending.length} plans are waiting: ${list(state.pending.map((plan) => `${plan.id} (${describe(plan.intent, {})})`))}. Which one do you approve?`,
      options: decisions('approve', state.pending),
    }
  if (words !== '' && meant.length === 0)
    return {
      do: 'clarify',
      text: `The plan that waits is ${only.id} (${describe(only.intent, {})}). Do you approve that one?`,
      options: yesOrNo(only),
    }
  return approve(only)
}

function affirmedById(state: State, named: readonly string[]): Consent {
  const same = (plan: PendingPlan): boolean =>
    named.some(
      (id) =>
        id === plan.id.toLowerCase().replace(/[ #_]+/g, '-') ||
        id.replace(/^plan-(?:pln?-)?/, '') === plan.id.toLowerCase().replace(/^(?:plan|pln?)[-_]?/, ''),
    )
  const found = state.pending.filter(same)
  const only = found.length === 1 && named.length === 1 ? found[0] : undefined
  return only === undefined ? { do: 'clarify', text: `${list(named)} is not waiting for approval.` } : approve(only)
}

/** High-risk plans are decided on the card: a typed yes only points there. */
export function approve(plan: PendingPlan): Consent {
  if (isForCard(plan))
    return {
      do: 'clarify',
      text: `Plan ${plan.id} (${describe(plan.intent, {})}) needs the button on its card, with the name of the target typed.`,
    }
  return { do: 'approve', plan }
}

/** A no, held against what waits. */
export function denied(turn: Turn, act: ActReading): Consent {
  const { pending } = turn.state
  const named = all(turn.entities, 'planId').map((entity) => entity.value)
  if (act.named !== undefined || named.length > 0) {
    const plan = pending.find((candidate) => named.includes(candidate.id.toLowerCase()))
    return plan === undefined && pending.length > 0
      ? { do: 'clarify', text: `${list(named)} is not waiting for approval.` }
      : { do: 'reject', ...(plan === undefined ? {} : { plan }) }
  }
  if (pending.length > 1) return { do: 'clarify', ...whichToReject(pending) }
  const plan = pending[0]
  return { do: 'reject', ...(plan === undefined ? {} : { plan }) }
}
