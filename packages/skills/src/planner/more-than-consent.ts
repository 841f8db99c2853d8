import { type ActReading, namesAnyPlan, onlyNamesPlan, readAct } from './acts'
import type { PendingPlan } from './context'
import { decide } from './decide'
import { unsureText } from './reply'
import { isChange, isTool } from './tools-table'
import { readTurn, type Turn } from './turn'
import { affirmed, approve, type Consent, denied } from './yes-or-no'

const CONDITION_OF_YES =
  /^(?:but |and |though |however )*(?:only |just )?(?:unless|if|when|once|after|until|as soon as|as long as|provided|assuming|wait|not before|later|tonight|tomorrow|in an? (?:hour|minute))\b/

/** A yes with more behind it: a condition, a change of the plan, a request of its own. */
export function affirmedWithMore(turn: Turn, act: ActReading): Consent {
  const { state } = turn
  const waiting = state.pending.length > 0 || state.recommendation !== undefined
  const rest = restOf(turn, act.rest)
  const part = readTurn(rest.replace(/^(?:but|however|although|and|then)\s+/i, ''), state, turn.index)
  const decision = decide(part)
  const namesPlan = state.pending.filter((plan) => onlyNamesPlan(act.rest, plan.intent))
  if (namesPlan.length === 1 && part.entities.length === 0 && !turn.line.includes('?'))
    return affirmed(turn, act, act.rest)
  const { recommendation } = state
  if (
    state.pending.length === 0 &&
    recommendation !== undefined &&
    !act.condition &&
    part.entities.length === 0 &&
    !turn.line.includes('?') &&
    onlyNamesPlan(act.rest, recommendation.intent)
  )
    return { do: 'propose', ...recommendation }
  if (
    namesPlan.length === 0 &&
    state.pending.length > 0 &&
    namesAnyPlan(act.rest) &&
    /\b(?:the|that|this)\b/.test(act.rest) &&
    !act.condition
  )
    return affirmed(turn, act, act.rest)
  if (act.condition) {
    // "yes, unless node-02 is busy", "ok but only after it has finished": a condition of the yes, whatever its words would ask alone.
    if (waiting && !turn.line.includes('?') && CONDITION_OF_YES.test(act.rest) && state.pending.length < 2)
      return { do: 'modify' }
    if (isTool(decision.intent) && !isChange(decision.intent) && decision.p >= (turn.line.includes('?') ? 0.3 : 0.5))
      return { do: 'read', text: part.text }
    if (!waiting && isTool(decision.intent)) return { do: 'read', text: part.text }
    return waiting
      ? { do: 'modify' }
      : { do: 'clarify', text: 'Nothing is waiting for approval, so there is nothing to adjust. What should I do?' }
  }
  const target = state.pending.length > 0 ? state.pending : []
  const asked = turn.line.includes('?')
  const meant = target.filter((plan) => onlyNamesPlan(act.rest, plan.intent))
  if (meant.length > 0 && !asked && (part.entities.length === 0 || mentionsKnown(part, meant)))
    return affirmed(turn, act, act.rest)
  // "… and drain node-02 too": more than the plan that waits, so no plain yes to it.
  if (waiting && !asked && /\b(?:too|also|as well|afterwards|another|next)\b/.test(act.rest)) return { do: 'modify' }
  if (waiting && !asked && isTool(decision.intent) && decision.p >= 0.45) {
    const same = target.filter((plan) => plan.intent === decision.intent)
    if (same.length === 1 && same[0] !== undefined) {
      if (part.entities.length === 0) return state.pending.length === 1 ? approve(same[0]) : approve(same[0])
      if (mentionsKnown(part, same)) return approve(same[0])
      return { do: 'modify' }
    }
    if (state.pending.length === 0 && state.recommendation?.intent === decision.intent) {
      return part.entities.length === 0 ||
        mentionsKnown(part, [{ id: '', intent: decision.intent, slots: state.recommendation.slots }])
        ? { do: 'propose', ...state.recommendation }
        : { do: 'modify' }
    }
  }
  if (isTool(decision.intent) || decision.intent === 'refuse' || decision.intent === 'out_of_scope')
    return { do: 'read', text: rest }
  if (waiting && (decision.intent === 'modify_plan' || part.entities.length > 0) && !asked) return { do: 'modify' }
  if (decision.intent === 'reject') return { do: 'clarify', text: 'I read both a yes and a no. Do you approve it?' }
  // "ok so, first … second …": no yes to anything, a message that begins with one.
  if (!waiting && part.tokens.length > 4) return { do: 'read', text: rest }
  return {
    do: 'clarify',
    text: waiting ? 'I do not count that as approval. Use the card, or answer with a plain yes.' : unsureText([]),
  }
}

/** True where every node, name, GPU or number in a sentence is one that the plan or the agent's last words already hold. */
function mentionsKnown(part: Turn, plans: readonly PendingPlan[]): boolean {
  const told =
    `${part.state.lastAssistant} ${JSON.stringify(plans.map((plan) => plan.slots))} ${JSON.stringify(part.state.recommendation?.slots ?? {})}`.toLowerCase()
  return part.entities.every((entity) => {
    if (entity.kind === 'quoted' || entity.kind === 'when') return false
    const value = (typeof entity.value === 'object' ? JSON.stringify(entity.value) : String(entity.value)).toLowerCase()
    const bounded = new RegExp(`(?<![\\w-])${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`)
    return bounded.test(told) || told.includes(entity.text.toLowerCase())
  })
}

/** How sure the reading of a whole sentence must be, so that its first words are no refusal. */
const SURE = 0.9

/** A no with more behind it: another wish, a request of its own, or nothing of weight. */
export function deniedWithMore(turn: Turn, act: ActReading): Consent {
  const { state } = turn
  const waiting = state.pending.length > 0 || state.recommendation !== undefined
  // "drop that in #infra" with nothing waiting: no refusal of anything.
  const whole = decide(turn)
  if (!waiting && isTool(whole.intent) && whole.abstained === undefined && whole.p >= SURE) return { do: 'none' }
  const rest = restOf(turn, act.rest)
  if (rest === '') return { do: 'clarify', text: 'Do you want to reject it?' }
  const part = readTurn(rest, state, turn.index)
  const decision = decide(part)
  const inner = readAct(part.line)
  if (inner.kind === 'affirm' || inner.kind === 'affirm_plus')
    return { do: 'clarify', text: 'I read both a no and a yes. Do you approve it?' }
  if (
    decision.intent === 'modify_plan' ||
    (waiting &&
      part.entities.length > 0 &&
      /^(?:use|take|on|with|make|put|only|just|rather|i meant?|it should|at|to|change|not)\b/.test(act.rest) &&
      !(isTool(decision.intent) && decision.p > 0.85))
  ) {
    return waiting ? { do: 'modify' } : { do: 'none' }
  }
  if (isTool(decision.intent) && decision.abstained === undefined && decision.p >= 0.5) {
    const cancels =
      state.pending.length > 0 &&
      state.pending.every((plan) => plan.intent === decision.intent) &&
      /^(?:do not|not|never|stop|cancel)\b/.test(act.rest)
    return cancels ? denied(turn, { ...act, kind: 'deny' }) : { do: 'read', text: rest }
  }
  // Something was said behind the no that is no request: the no stands.
  return waiting || /^(?:thanks|please|i|we|it|that|this|leave|keep|too|not)\b/.test(act.rest)
    ? denied(turn, act)
    : { do: 'none' }
}

/** The original text behind the words of consent, so that names in it can be read again. */
function restOf(turn: Turn, rest: string): string {
  const words = rest.split(' ').filter((word) => word !== '')
  const firstWord = words.find((word) => /^[a-z]+$/.test(word) && !word.startsWith('zz') && word.length > 1)
  const total = turn.tokens.filter((token) => token !== '?').length
  const share = 1 - words.length / Math.max(1, total)
  // The rest is a suffix of the sentence: search the original for the first word of it, near where it should stand.
  const lower = turn.text.toLowerCase()
  const from = Math.max(0, Math.floor(lower.length * share * 0.5) - 4)
  const entity = words[0]?.startsWith('zz') ? turn.entities.find((candidate) => candidate.start >= from) : undefined
  if (entity !== undefined) return turn.text.slice(entity.start).trim()
  if (firstWord === undefined) return rest
  const at = new RegExp(`\\b${firstWord === 'not' ? "(?:not|\\w+n't)" : firstWord}`).exec(lower.slice(from))
  return at === null ? rest : turn.text.slice(from + at.index).trim()
}
