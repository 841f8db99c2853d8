import { readClause, remarkBeforeConsent } from './acts'
import type { PendingPlan } from './context'
import { decide } from './decide'
import { guard } from './guard'
import { pastesLog } from './structure'
import { isChange } from './tools-table'
import { readTurn, type Turn } from './turn'

const BOUNDARY =
  /[,;.!?\u2026]+(?=\s|$)|\s[-\u2013\u2014]+\s|\s+(?=(?:and )?so (?:please|yes|do|go|run|start|launch|proceed|execute|begin|just)\b)/

/** Quotation marks, "Maria: go ahead", "<maria> go ahead": the words may be somebody else's, copied in. */
const SOMEBODY_ELSES = /["`\u201c\u201d<>]|:\s/

/** Words that may take consent back, tie it to something, or make it somebody else's. */
const TAKES_BACK =
  /\b(?:if|when|whenever|after|before|unless|until|but|however|though|not|never|no|nothing|first|wait|once|later|tomorrow|tonight|instead|except|only|says?|said|output|told|tells?|wrote|writes|asks?|asked|typed|reads|logs?|quote|pretend|should|could|can|would|may|might|shall|how|why|what|which|whether|must|suppose|imagine|again|maybe|perhaps|probably|guess|think|wrong|someone|somebody|anyone|everyone else|theory|principle|paper|rather|hold|hang|moment|second|yet|next|soon|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday|other|another|whatever|subject|pending|assuming|provided|case|condition|as long)\b/
/** A clause that tells something: it begins with who or what it is about. */
const TELLS =
  /^(?:(?:so|and|because|since|also|too) )*(?:zz\w+|i|we|you|they|it|he|she|this|that|these|those|the|our|my|your|a|an|there|too|all|some|everybody|everyone|users?|customers?|people)\b/

/**
 * "Backups were verified ten minutes ago, so go ahead": consent or refusal as a clause of its own beside remarks that take nothing
 * of it back and ask for nothing else. Undefined where any clause could.
 */
export function readInClauses(turn: Turn, pending: readonly PendingPlan[]): 'affirm' | 'deny' | undefined {
  if (SOMEBODY_ELSES.test(turn.text) || pastesLog(turn)) return undefined
  const clauses = turn.text
    .split(BOUNDARY)
    .map((clause) => clause.trim())
    .filter((clause) => /[a-z0-9]/i.test(clause))
    .map((clause) => readTurn(clause, turn.state, turn.index))
  const remark = turn.text.includes('?') ? undefined : remarkBeforeConsent(turn.line)
  if (remark !== undefined && clauses.length < 2)
    return commands(readTurn(remark, turn.state, turn.index), pending) ? undefined : 'affirm'
  if (clauses.length < 2) return undefined
  const kinds = clauses.map((clause) => readClause(clause.line))
  const others = clauses.filter((_, i) => kinds[i] === 'none')
  if (kinds.includes('deny')) {
    if (kinds.includes('direct')) return undefined
    if (kinds.at(-1) === 'deny') return others.some((clause) => commands(clause, [])) ? undefined : 'deny'
    return kinds[0] === 'deny' && others.every((clause) => TELLS.test(clause.line) && !commands(clause, []))
      ? 'deny'
      : undefined
  }
  if (!kinds.includes('direct') || turn.text.includes('?')) return undefined
  return others.every((clause) => !TAKES_BACK.test(clause.line) && !commands(clause, pending)) ? 'affirm' : undefined
}

/** True where a clause asks for a change of its own, other than the one that waits, or tries to get round the rules. */
function commands(clause: Turn, pending: readonly PendingPlan[]): boolean {
  if (guard(clause.text) !== undefined) return true
  if (TELLS.test(clause.line)) return false
  const { intent, abstained } = decide(clause)
  return isChange(intent) && abstained === undefined && !pending.some((plan) => plan.intent === intent)
}
