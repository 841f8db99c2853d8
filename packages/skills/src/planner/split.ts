import { type Decision, decide, isPlainQuestion } from './decide'
import { conceptsOf } from './concepts'
import { guard } from './guard'
import { isChange, isTool } from './tools-table'
import { readTurn, type Turn } from './turn'
import { stem, unwrap } from './words'

/** How sure each half must be before one sentence is read as several requests. */
const PART_P = 0.5
/** Told in order ("and then …"), each half only has to be likelier one thing than everything else together. */
const ORDERED_P = 0.45
const LEAST_MASS = 0.2
const JOINTS = [
  /(?:^|[ ,;:.])(?:(?:and )?number (?:one|two|three|four|\d)|(?:and )?(?:firstly|secondly|thirdly|lastly)|(?<=[,;.] )(?:and )?(?:second|third|last)(?= [a-z])|\(?[1-5][).])(?:,|:|\b|(?<=[).])) ?/i,
  / ?(?:,|;)? ?\band then\b ?| ?[,;] ?then\b ?| ?\bthen\b (?=(?:please )?[a-z]+ )| ?;+ ?| ?,? ?\b(?:and )?after (?:that|it|this),? | ?,? ?\b(?:and )?afterwards,? | ?,? ?\b(?:and )?(?:when|once|as soon as) (?:that|this)(?:'s| is| has)? (?:through|done|finished|over|complete|completed),? | ?[,;]? ?\b(?:and )?(?:meanwhile|in the meantime),? /i,
  / ?,? ?\band instead | ?,? \band (?:also |please |finally )?| ?, (?:also |please |finally )?|\. +(?:also,? |then,? |and |finally,? |please )?| ?\bplus\b /i,
]

/** Pairs that are one request told in two halves, with the intent of the whole. */
const WHOLES: Readonly<Record<string, string>> = {
  'cordon_node+drain_node': 'drain_node',
  'drain_node+cordon_node': 'drain_node',
  'drain_node+migrate_workload': 'drain_node',
  'drain_node+isolate_gpu': 'drain_node',
  'cordon_node+migrate_workload': 'drain_node',
  'migrate_workload+cordon_node': 'drain_node',
  'stop_workload+restart_workload': 'restart_workload',
  'deploy_inference+expose_service': 'deploy_inference',
  'canary_start+rollback': 'canary_start',
  'canary_start+canary_promote': 'canary_start',
  'canary_start+canary_pause': 'canary_start',
  'canary_start+canary_status': 'canary_start',
  'rollback+canary_promote': 'rollback',
  'canary_pause+rollback': 'rollback',
  'stop_workload+rollback': 'rollback',
  'market_search+market_bid': 'market_bid',
  'stop_workload+resume_workload': 'restart_workload',
  'retry_batch+run_batch': 'retry_batch',
  'scale_service+deploy_inference': 'scale_service',
  'deploy_training+schedule_cron': '',
  'expose_service+deploy_inference': 'deploy_inference',
}

const SEPARATE_IN_ORDER = new Set([
  'deploy_inference+expose_service',
  'cordon_node+drain_node',
  'drain_node+cordon_node',
])

/** The requests in a sentence that asks for several things, in order; undefined where it asks for one. */
export function splitRequests(turn: Turn): Turn[] | undefined {
  if (turn.tokens.length < (/[;]/.test(turn.text) ? 3 : 5)) return undefined
  for (const [i, joint] of JOINTS.entries()) {
    const pieces = cut(turn, joint)
    if (pieces.length < 2) continue
    // Numbers and "then" say that there are several; "and" may only join the halves of one.
    const parts = merge(pieces, turn, i < 2)
    if (parts !== undefined && parts.length >= 2) return parts
  }
  return undefined
}

/** Cuts at joints outside of mentions: "node-01, node-03 and node-05" stays whole. */
function cut(turn: Turn, joint: RegExp): string[] {
  const cuts: [number, number][] = []
  const everywhere = new RegExp(joint.source, 'gi')
  for (const match of turn.text.matchAll(everywhere)) {
    const start = match.index
    const end = start + match[0].length
    // The number in "number two" counts the requests and is no mention.
    const cutsMention = turn.entities.some(
      (entity) =>
        start < entity.end &&
        entity.start < end &&
        !(entity.kind === 'number' && entity.start >= start && entity.end <= end),
    )
    if (match[0].trim() !== '' && !cutsMention) cuts.push([start, end])
  }
  const pieces: string[] = []
  let at = 0
  for (const [start, end] of cuts) {
    pieces.push(turn.text.slice(at, start))
    at = end
  }
  return [...pieces, turn.text.slice(at)].map((piece) => piece.trim()).filter((piece) => piece !== '')
}

interface Part {
  text: string
  intent: string
}

/** Grows pieces into parts: a piece that is no request of its own belongs to the one before it. */
function merge(pieces: readonly string[], whole: Turn, inOrder: boolean): Turn[] | undefined {
  const parts: Part[] = []
  for (const said of pieces) {
    const piece = withNamed(said, whole)
    const read = requestOf(piece, whole, inOrder)
    const last = parts.at(-1)
    if (read === undefined && last !== undefined) last.text += `, ${piece}`
    else if (last === undefined) parts.push({ text: piece, intent: read ?? '' })
    else if (last.intent === '') parts[parts.length - 1] = { text: `${last.text}, ${piece}`, intent: read ?? '' }
    else parts.push({ text: piece, intent: read ?? '' })
  }
  if (parts.some((part) => part.intent === '')) return undefined
  const wholes: Part[] = []
  for (const part of parts) {
    const last = wholes.at(-1)
    if (last === undefined || !oneRequest(last, part, whole, inOrder)) wholes.push({ ...part })
    else {
      last.text += `, ${part.text}`
      last.intent = WHOLES[`${last.intent}+${part.intent}`] || last.intent
    }
  }
  // Two looks with a comma between are one question in two halves: "how is it coming along, how many left".
  const looks =
    !inOrder && wholes.every(({ intent }) => !isChange(intent)) && !/\b(?:and|also|plus)\b|[.;]/i.test(whole.text)
  return wholes.length < 2 || looks ? undefined : wholes.map((part) => readTurn(part.text, whole.state, whole.index))
}

function oneRequest(a: Part, b: Part, whole: Turn, inOrder: boolean): boolean {
  // Told in order, these are two wishes; joined by "and" alone, the second only says how the first is done.
  if (inOrder && SEPARATE_IN_ORDER.has(`${a.intent}+${b.intent}`)) return false
  if (WHOLES[`${a.intent}+${b.intent}`]) return !nameDifferent(a, b, whole)
  if (a.intent === b.intent) return !isChange(a.intent) || !nameDifferent(a, b, whole)
  // "training is stuck, restart it": the first half is the reason for the second.
  return (
    /^(?:incident_investigate|diagnose_gpu)$/.test(a.intent) &&
    !/^(?:please |can you |could you )*(?:investigate|check|diagnose|look|find|figure|debug|inspect|run|show|why|what|troubleshoot)\b/i.test(
      a.text,
    )
  )
}

/** Twice the same verb is two requests only where each names its own target. */
function nameDifferent(a: Part, b: Part, whole: Turn): boolean {
  const targets = (part: Part): Map<string, string> =>
    new Map(
      readTurn(part.text, whole.state, whole.index).entities.flatMap((entity) =>
        entity.kind === 'name' || entity.kind === 'node' || entity.kind === 'gpu' || entity.kind === 'model'
          ? [[entity.kind, String(entity.value)] as const]
          : [],
      ),
    )
  const first = targets(a)
  return [...targets(b)].some(([kind, value]) => first.has(kind) && first.get(kind) !== value)
}

const ACTION = new Set(
  'move drain cordon uncordon isolate stop pause del start run deploy train show check restart resume retry scaleup scaledown scale auto checkpoint alert report send log expose sell buy rent search canary rollout promote rollback rotate store invite revoke config label heal compare help why incident'.split(
    ' ',
  ),
)
const OPENS =
  /^(?:what|which|who|why|how|when|where|is|are|does|do|did|has|can|could|will|would|any|give|tell|take|put|get|set|bring|make|let|free|every|open|use|keep|add|create|mark|once|cancel|drop|withdraw|retract|remove|delete|erase|ping|page|warn|notify|change|switch|turn|place|book|reserve|snapshot|schedule|tag|rename|upgrade|evacuate|empty|quit|kill|launch|spin|shut|bounce|reboot|lower|raise|increase|decrease|double|halve|grant|assign|issue|generate|fence|halt|abort|post|email|mail|forward|hand|hook|wire|undo|tear|pull|push|kick|clone|copy|wipe|arrange|prepare|throw)$/

/** True where a piece begins with a verb or a question word: "all 8 cards" asks for nothing. */
function startsARequest(piece: string, whole: Turn): boolean {
  const { core } = unwrap(readTurn(piece, whole.state, whole.index).tokens)
  const word = core[0] ?? ''
  // Imperatives do not end in s and are not bare nouns: "weights are in ...", "canary's good".
  if (/[^s]s$/.test(word) && !OPENS.test(word)) return false
  // "isolating a GPU and draining its node" names two things and asks for neither.
  if (/^[a-z]{3,}ing$/.test(word) && !/^(?:bring|ping)$/.test(word)) return false
  if (/^(?:canary|rollout|version|traffic|report|incident|container|token|key|batch|cron|price)$/.test(word))
    return false
  return (
    OPENS.test(word) ||
    (word === 'have' && core[1] === 'a') ||
    (!word.startsWith('zz') && (conceptsOf([stem(word)])[0] ?? []).some((concept) => ACTION.has(concept)))
  )
}

// A sentence that tells something is the reason for a request, not one of its own.
const STATEMENT =
  /^(?:(?:so|well|hey|hi|hello|ok|and|also|because|since|as)[,.! ]+)*(?:(?:i|we|they|he|she|you|it|this|that|there|my|our|the|a|an|their|all|some|someone|somebody|users?|customers?|people|traffic|training|everything|nothing|one|two|gpu|gpus|card|node-?\d+|\S+-\S+)(?:'(?:ve|re|m|s|d|ll))? (?!(?:want|need|would like|'d like|wish)\b)(?:\S+ ){0,5}?(?:is|are|was|were|has|have|had|does|do|did|will|got|gets|keeps?|needs?|seems?|looks?|leaked|crashed|died|failed|dropped|went|finished|fell|hangs?|stopped|diverged|expired|runs?|sits?|feels?|'s)\b|(?:i|we)(?:'ve| have| had|'m| am| are|'re) )/i

/** "health report first, then …": a noun is a request where it is something to look at and an order is given. */
const SHOWS = /^(?:(?:please|can you|could you|hey|hi) )*(?:show|list|give|tell|get|fetch|display)\b/

function asksToLook(part: Turn, least: number): boolean {
  const { intent, p, abstained } = decide(part)
  return isTool(intent) && !isChange(intent) && abstained === undefined && p >= least
}

/** "delete it" behind "stop train-a": read with what the sentence named before. */
function withNamed(piece: string, whole: Turn): string {
  const before = whole.text.slice(0, Math.max(0, whole.text.indexOf(piece)))
  const named = whole.entities
    .filter(({ kind, end }) => end <= before.length && (kind === 'name' || kind === 'node'))
    .at(-1)
  return named === undefined ? piece : piece.replace(/\bit\b(?!'s| is\b| was\b)/i, named.text)
}

/** Behind "and then" stands a request: the likeliest tool, where one is likelier than all others together. */
function likeliestTool({ ranked }: Decision): string | undefined {
  const tools = ranked.filter(({ label }) => isTool(label))
  const mass = tools.reduce((sum, { p }) => sum + p, 0)
  const [best] = tools
  return best !== undefined && mass >= LEAST_MASS && best.p / mass >= ORDERED_P ? best.label : undefined
}

/** The tool that a piece asks for on its own, when it is sure enough and says what to do. */
function requestOf(piece: string, whole: Turn, inOrder: boolean): string | undefined {
  if (
    /^(?:if|when|unless|because|since|so that|in case|but|or|it|that|which|with|using|on|for|to|from|at|no|not|only|the same|keep|don'?t|do not|continue|carry on)\b/i.test(
      piece,
    )
  )
    return undefined
  const part = readTurn(piece, whole.state, whole.index)
  if (
    STATEMENT.test(piece) ||
    !(startsARequest(piece, whole) || ((inOrder || SHOWS.test(whole.line)) && asksToLook(part, inOrder ? 0.75 : 0.9)))
  )
    return undefined
  if (part.tokens.length < 2 && !/^(?:promote|rollback|retry|restart)$/i.test(piece)) return undefined
  if (guard(piece) !== undefined) return undefined
  const decision = decide(part)
  if (inOrder && (decision.abstained === 'unsure' || !isTool(decision.intent)))
    return startsARequest(piece, whole) && !isPlainQuestion(part) ? likeliestTool(decision) : undefined
  if (!isTool(decision.intent) || decision.abstained !== undefined || decision.p < PART_P) return undefined
  if (/^(?:help|explain)$/.test(decision.intent) && part.tokens.length < 4) return undefined
  return isChange(decision.intent) && isPlainQuestion(part) ? undefined : decision.intent
}
