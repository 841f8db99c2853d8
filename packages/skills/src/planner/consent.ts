import { type ActReading, meansIntent, namesAnyPlan, onlyNamesPlan, readAct } from './acts'
import { ALL_AT_ONCE } from './act-phrases'
import { readInClauses } from './clauses'
import type { PendingPlan, State } from './context'
import { decide } from './decide'
import { all } from './entities/entity'
import { describe, list, unsureText } from './reply'
import { isChange, isTool, needsCard } from './tools-table'
import { readTurn, type Turn } from './turn'
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

/** Reads consent by the closed grammar and holds it against what is waiting. The classifier has no say. */
export function readConsent(turn: Turn): Consent {
  const several = severalAtOnce(turn)
  if (several !== undefined) return several
  const act = withClauses(turn, readAct(turn.line))
  switch (act.kind) {
    case 'affirm':
      return affirmed(turn, act, '')
    case 'affirm_plus':
      return affirmedWithMore(turn, act)
    case 'weak':
      return weak(turn)
    // "stop it", "abort it" with nothing waiting and a workload in the talk: that is what is meant.
    // "Skip or retry?" - "skip it": an answer about the batch, no refusal of a plan.
    case 'deny':
      if (
        turn.state.pending.length === 0 &&
        turn.state.recommendation === undefined &&
        (turn.state.refs.workload ?? turn.state.refs.service) !== undefined &&
        /^(?:please |ok |now )*(?:stop|abort|kill|end|terminate|cancel) (?:it|that|this)(?: (?:please|now|there))*$/.test(
          turn.line,
        )
      )
        return {
          do: 'propose',
          intent: 'stop_workload',
          slots: { workload: turn.state.refs.workload ?? turn.state.refs.service },
        }
      return /\bskip\b/.test(turn.line) &&
        turn.state.pending.length === 0 &&
        (turn.state.refs.batch !== undefined || /\bskip\b/i.test(turn.state.lastAssistant))
        ? { do: 'none' }
        : denied(turn, act)
    case 'deny_plus':
      return deniedWithMore(turn, act)
    case 'none':
      return { do: 'none' }
  }
}

/** "approve both": each plan has its own risk and its own approval, so they are named one by one. */
function severalAtOnce(turn: Turn): Consent | undefined {
  const verb = ALL_AT_ONCE.exec(turn.line)?.[1]
  if (verb === undefined) return undefined
  const { pending } = turn.state
  if (pending.length === 0) return { do: 'clarify', text: 'Nothing is waiting for approval.' }
  const rejects = !/^(?:approve|confirm|accept)$/.test(verb)
  if (pending.length === 1) return rejects ? { do: 'reject', plan: pending[0]! } : weak(turn)
  return rejects
    ? { do: 'clarify', ...whichToReject(pending) }
    : {
        do: 'clarify',
        text: `${pending.length} plans are waiting: ${list(pending.map((plan) => `${plan.id} (${describe(plan.intent, {})})`))}. Each is approved by itself: which one first?`,
        options: decisions('approve', pending),
      }
}

/** The reading of the whole sentence, or of its clauses where a plan waits and the whole is neither plain yes nor plain no. */
function withClauses(turn: Turn, act: ActReading): ActReading {
  const nothing = turn.state.pending.length === 0 && turn.state.recommendation === undefined
  if (nothing || !/^(?:none|affirm_plus|deny_plus)$/.test(act.kind)) return act
  const kind = readInClauses(turn, turn.state.pending)
  if (kind === undefined || (kind === 'affirm' && (act.condition || act.kind === 'deny_plus'))) return act
  return { kind, rest: '', condition: false }
}

function affirmed(turn: Turn, act: ActReading, words: string): Consent {
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

const isForCard = (plan: PendingPlan): boolean =>
  plan.risk === 'high' || plan.risk === 'critical' || (plan.intent !== '' && needsCard(plan.intent))

/** High-risk plans are decided on the card: a typed yes only points there. */
function approve(plan: PendingPlan): Consent {
  if (isForCard(plan))
    return {
      do: 'clarify',
      text: `Plan ${plan.id} (${describe(plan.intent, {})}) needs the button on its card, with the name of the target typed.`,
    }
  return { do: 'approve', plan }
}

const CONDITION_OF_YES =
  /^(?:but |and |though |however )*(?:only |just )?(?:unless|if|when|once|after|until|as soon as|as long as|provided|assuming|wait|not before|later|tonight|tomorrow|in an? (?:hour|minute))\b/

function affirmedWithMore(turn: Turn, act: ActReading): Consent {
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

function weak(turn: Turn): Consent {
  const waiting = turn.state.pending.length > 0 || turn.state.recommendation !== undefined
  const [only] = turn.state.pending
  return {
    do: 'clarify',
    text: waiting ? 'Is that a yes? Answer with a plain yes, or use the card.' : 'Noted. What should I do next?',
    ...(turn.state.pending.length === 1 && only ? { options: yesOrNo(only) } : {}),
  }
}

/** A chat shows a handful of buttons; more plans than that are decided on their cards. */
const MOST_OPTIONS = 8

/** One for each waiting plan; those that words cannot approve are left to their cards. */
function decisions(verb: 'approve' | 'reject', pending: readonly PendingPlan[]): Option[] {
  return pending
    .filter((plan) => verb === 'reject' || !isForCard(plan))
    .slice(0, MOST_OPTIONS)
    .map(({ id }) => ({ label: `${verb === 'approve' ? 'Approve' : 'Reject'} ${id}`, send: `${verb} ${id}` }))
}

const yesOrNo = (plan: PendingPlan): Option[] => [...decisions('approve', [plan]), ...decisions('reject', [plan])]

/** Several wait and none was named: a no to one of them is not a no to all. */
export function whichToReject(pending: readonly PendingPlan[]): { text: string; options: Option[] } {
  return {
    text: `${pending.length} plans are waiting: ${list(pending.map((plan) => plan.id))}. Which one do you reject?`,
    options: decisions('reject', pending),
  }
}

function denied(turn: Turn, act: ActReading): Consent {
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

/** How sure the reading of a whole sentence must be, so that its first words are no refusal. */
const SURE = 0.9

function deniedWithMore(turn: Turn, act: ActReading): Consent {
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
