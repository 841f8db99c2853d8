import { type ActReading, readAct } from './acts'
import { ALL_AT_ONCE } from './act-phrases'
import { readInClauses } from './clauses'
import { affirmedWithMore, deniedWithMore } from './more-than-consent'
import { decisions, whichToReject, yesOrNo } from './plan-options'
import { describe, list } from './reply'
import type { Turn } from './turn'
import { affirmed, type Consent, denied } from './yes-or-no'

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

function weak(turn: Turn): Consent {
  const waiting = turn.state.pending.length > 0 || turn.state.recommendation !== undefined
  const [only] = turn.state.pending
  return {
    do: 'clarify',
    text: waiting ? 'Is that a yes? Answer with a plain yes, or use the card.' : 'Noted. What should I do next?',
    ...(turn.state.pending.length === 1 && only ? { options: yesOrNo(only) } : {}),
  }
}
