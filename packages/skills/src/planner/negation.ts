import type { State } from './context'
import { decide, nearReadings } from './decide'
import type { Entity } from './entities/entity'
import { questionOrPlan } from './reply'
import { CLAUSE_WITH_VERB } from './structure'
import { isChange, isTool, type ToolName } from './tools-table'
import { readTurn, type Turn } from './turn'

const NEGATED =
  /^(?:(?:please|ok|okay|well|hey|and|but|so|wait|no|actually|claw) )*(?:do not|never|(?:not|no) [a-z]{3,}ing|you (?:should|must|can|may) not|we (?:should|must|can) not|we do not want (?:you |it )?to|let us not|i (?:do not|would not) want (?:you |us |it )?to(?: be)?|no need to|there is no need to|under no circumstances|make sure (?:you|we|it) (?:do|does) not|make sure not to|refrain from|avoid)\b/
const POSITIVE =
  /^(?:(?:please|ok|hey|and|but|so) )*(?:do not|never) (?:forget|hesitate|worry|you think|mind|bother with)(?: to)?\b/

/** Changes whose natural wording is a negation: "don't schedule anything new on node-05". */
const NEGATIVE_BY_NATURE = new Set<string>([
  'cordon_node',
  'canary_pause',
  'market_offer_cancel',
  'schedule_delete',
  'autoscale_policy',
  'isolate_gpu',
  'heal_policy',
  'set_config',
])

/** "don't isolate gpu 2": the verb of the change itself is what is not to be done. */
const NEGATES_ITS_OWN_VERB =
  /\b(?:do not|never|not|no need to|refrain from|avoid) (?:\w+ )?(?:isolat|quarantin|cordon|fence|pause|hold|cancel|withdraw|take down|delete|remove|unschedul|autoscal|scale|heal|restart|set|chang)\w*/

export type Negation =
  | { do: 'reject' }
  | { do: 'clarify'; text: string; near?: readonly string[] }
  | { do: 'tool'; intent: ToolName }
  /** "don't drain it, just cordon it": only the other half is asked for. */
  | { do: 'read'; text: string; named: readonly Entity[] }

/** "I'd never drain node-06", "we won't restart it": told, not asked for. */
const NEVER_WOULD =
  /^(?:(?:so|well|but|and|no|ok|honestly|personally) )*(?:i|we|you|they|nobody|no one)(?: (?:would|will|should|must|shall|can|could|do|did))? (?:not|never) (?:ever )?(?!(?:reach|find|see|get|know|understand|start|connect|log|open|load|have|need|want|forget|mind|care)\b)[a-z]+\b/
/** "tom said drain node-06 but hold off": what came before is taken back. */
const TAKES_BACK =
  /\b(?:but|though|however|and) (?:please )?(?:hold off|wait|not yet|do not(?: do (?:it|that))?|hold on|leave it)(?: (?:with|on) (?:it|that))?(?: (?:please|yet|still|now|for now|a bit|a moment))*$/

const WHO = '(?:i|we|you|she|he|they|it|someone|somebody|the [a-z]+|my [a-z]+|zzname|zznode)'
/** "I drained node-03 yesterday", "someone stopped my job", "train-a was killed": it has happened. */
const HAPPENED = new RegExp(
  `^(?:(?:so|well|but|and|ok|hey) )*(?:${WHO} (?:have |has |had |just |already |wanted to )*(?:stopp?|kill|restart|reboot|drain|cordon|uncordon|mov|migrat|scal|delet|remov|isolat|deploy|rotat|resum|paus|promot|launch|cancel)(?:ed|e|) (?!(?:to|needs?|should) )|${WHO} (?:was|were|got|has been|had been) (?:stopped|killed|restarted|rebooted|drained|cordoned|moved|migrated|scaled|deleted|removed|isolated)\\b|(?:she|he|they) wanted to\\b)`,
)
/** Thinking aloud: "I'm wondering about draining it", "anna asked whether we could stop it". */
const MUSES =
  /^(?:(?:so|well|but|and|ok|hey|hmm?) )*(?:(?:i|we) (?:am|are|was|were) )?(?:just |still )?(?:wondering|thinking|considering|contemplating|planning|debating|tempted)\b(?! (?:(?:if|whether|that|maybe) )?(?:you|we) (?:could|can|would|should|might))|\basked (?:me |us |him |her )?(?:whether|if)\b|\bcould it be that\b|^remind (?:me|us) to\b|^(?:maybe|perhaps)\b.*\?$/
/** "nobody should delete data-vol" */
const NOBODY = /^(?:nobody|no one|none of (?:us|you|them)) (?:should|may|must|can|shall|is allowed to) /

/** How sure the whole must be of a look, so that what is not to be done only tells what it is about. */
const LOOKS = 0.6

/** "don't stop train-a" must never stop train-a: a negated command is a refusal, or a change that is negative by nature. */
export function readNegation(turn: Turn): Negation | undefined {
  if (POSITIVE.test(turn.line)) return undefined
  if (!NEGATED.test(turn.line)) return toldOrTakenBack(turn)
  const other = otherHalf(turn)
  const decision = decide(turn)
  const look =
    isTool(decision.intent) && !isChange(decision.intent) && decision.p > LOOKS
      ? ({ do: 'tool', intent: decision.intent } as const)
      : undefined
  if (other !== undefined) return other.do === 'clarify' && look !== undefined ? look : other
  if (isTool(decision.intent) && NEGATIVE_BY_NATURE.has(decision.intent) && !NEGATES_ITS_OWN_VERB.test(turn.line))
    return { do: 'tool', intent: decision.intent }
  const { pending, recommendation } = turn.state
  if (
    pending.length === 1 &&
    /^(?:please |no )*(?:do not|never) [a-z]+ (?:it|that|this|them|anything)(?: please| now)*$/.test(turn.line)
  )
    return { do: 'reject' }
  if (decision.intent === 'modify_plan' && (pending.length > 0 || recommendation !== undefined)) return undefined
  if (look !== undefined) return look
  const positive = decide(
    readTurn(turn.text.replace(/^.*?\b(?:don'?t|do not|never|not)\b/i, '').trim(), turn.state, turn.index),
  )
  if (pending.length === 1 && (pending[0]?.intent === positive.intent || !isTool(positive.intent)))
    return { do: 'reject' }
  if (
    pending.length === 0 &&
    recommendation !== undefined &&
    (recommendation.intent === positive.intent || !isTool(positive.intent))
  )
    return { do: 'reject' }
  return { do: 'clarify', text: 'Understood: I leave that as it is. Nothing changes.' }
}

/** A change that a sentence only tells of, thinks about, or takes back at its end, is not proposed. */
function toldOrTakenBack(turn: Turn): Negation | undefined {
  if (turn.state.pending.length > 0 || turn.state.recommendation !== undefined) return undefined
  const refused = NEVER_WOULD.test(turn.line) || TAKES_BACK.test(turn.line) || NOBODY.test(turn.line)
  const told = (HAPPENED.test(turn.line) || MUSES.test(turn.line)) && !CLAUSE_WITH_VERB.test(turn.text.toLowerCase())
  if (!(refused || told) || (refused && otherHalf(turn)?.do === 'read')) return undefined
  const { intent, ranked } = decide(turn)
  if (!isChange(intent) || (refused && NEGATIVE_BY_NATURE.has(intent))) return undefined
  return refused
    ? { do: 'clarify', text: 'Understood: I leave that as it is. Nothing changes.' }
    : { do: 'clarify', text: questionOrPlan(nearReadings(ranked)), near: nearReadings(ranked) }
}

const HALVES =
  /(?:\s*[,;.:–-]\s*|\s+)(?:but |and |please |rather |instead,? )*(?:just|only|simply|rather|instead)\s+(?:please )?(.+)$|\s*[,;.]\s*(?:but |instead,? |rather )(.+)$|\s*[,;]\s*(?:please )?(.+?)(?: instead| rather)?[.!]?$/i

/** What is asked for in place of what is not, when that half stands on its own; its "it" may mean what the first half named. */
function otherHalf(turn: Turn): Extract<Negation, { do: 'read' | 'clarify' }> | undefined {
  const match = HALVES.exec(turn.text)
  const text = (match?.[1] ?? match?.[2] ?? match?.[3])?.trim()
  if (match === null || text === undefined || text.split(' ').length < 2) return undefined
  const named = turn.entities.filter((entity) => entity.end <= match.index)
  const part = readTurn(text, stateWith(turn.state, named), turn.index)
  const decision = decide(part)
  if (isTool(decision.intent) && decision.abstained === undefined) return { do: 'read', text, named }
  // "… , just do the other thing": what is not wanted is clear, what is wanted is not.
  return match[1] === undefined
    ? undefined
    : { do: 'clarify', text: 'Understood: I leave that as it is. What should I do instead?' }
}

/** The talk as it is after these mentions. */
export function stateWith(state: State, named: readonly Entity[]): State {
  const refs = { ...state.refs }
  const focus = { ...state.focus }
  for (const entity of named) {
    if (entity.kind === 'node') {
      refs.node = entity.value
      focus.node = entity.value
    }
    if (entity.kind === 'gpu') {
      refs.gpu = entity.value
      focus.gpu = entity.value
    }
    if (entity.kind === 'name') {
      refs.workload = entity.value
      refs.service = entity.value
    }
  }
  return { ...state, refs, focus }
}
