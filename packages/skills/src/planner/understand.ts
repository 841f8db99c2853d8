import { act, clarify, modified, rejected, solePlan } from './answers'
import { readConsent } from './consent'
import { type PlannerContext, readState, type State } from './context'
import { decide, isPlainQuestion, nearestTools, nearReadings, THRESHOLD, type Decision } from './decide'
import { readFollowUp } from './follow-up'
import { guard, GUARD_TEXT } from './guard'
import { indexInventory, type Inventory, type InventoryIndex } from './inventory'
import { isModification } from './modify'
import { readNegation, stateWith } from './negation'
import { normalise } from './normalise'
import { declined, questionOrPlan, understood, unsureText } from './reply'
import { type QuotedCommand, quotedCommand } from './quoted-command'
import { finish } from './resolve'
import { fillSlots, SlotInput, type Slots } from './slots'
import { splitRequests } from './split'
import { isChange, isTool, type Intent, toolRow } from './tools-table'
import { readTurn, type Turn } from './turn'
import { readUndo } from './undo'

export type { Inventory } from './inventory'
export type { PlannerContext } from './context'
export type { Intent } from './tools-table'

/** What the planner made of one sentence. It changes nothing; the server decides what may follow. */
export interface Understanding {
  intent: Intent
  slots: Slots
  /** Calibrated probability of the intent, 1 where a rule and no statistic decided. */
  confidence: number
  /** True where what follows is a plan that needs an approval. */
  asksApproval: boolean
  text: string
  /** The three nearest tools, when the planner declines or asks. */
  nearest: string[]
  /** Answers to the question in `text`, in the words that a person would type; a chat shows them as buttons. */
  options?: Option[]
  /** The requests of a sentence that asks for several things, in order. */
  parts?: Understanding[]
  /** The slot that is missing; `asking` is what the conversation must remember to take the answer. */
  askFor?: string
  asking?: { intent: string; slots: Slots; slot: string }
}

export interface Option {
  label: string
  send: string
}

export interface UnderstandInput {
  utterance: string
  context: PlannerContext | null
  inventory?: Inventory
}

/** Reads one sentence in its context. Pure and deterministic: no I/O, no clock, no randomness. */
export function understand(input: UnderstandInput): Understanding {
  const index = indexInventory(input.inventory)
  const text = normalise(input.utterance)
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}?]/u.test(text))
    return clarify('Say what you would like to know or to have done.', [])
  return read(text, readState(input.context, index), index, 0)
}

const MAX_DEPTH = 2

/** "scale it down? no wait, show me the traffic first": what comes behind is what is asked. */
const THINKS_AGAIN =
  /\b(?:no,? wait|wait,? no|scratch that|strike that|hang on,? no|actually,? no)\b[\s,:.!-]*(\S+\s.+)$/i

function read(text: string, state: State, index: InventoryIndex, depth: number): Understanding {
  const reason = guard(text)
  if (reason !== undefined) return act('refuse', { reason }, 1, GUARD_TEXT[reason])
  const again = depth < MAX_DEPTH ? THINKS_AGAIN.exec(text)?.[1] : undefined
  if (again !== undefined && state.pending.length === 0) return read(again, state, index, depth + 1)
  const turn = readTurn(text, state, index)
  const consent = readConsent(turn)
  switch (consent.do) {
    case 'approve':
      return act('approve', { plan: consent.plan.id }, 1, `You approve plan ${consent.plan.id}.`)
    case 'reject':
      return rejected(consent.plan, state)
    case 'propose':
      return proposed(consent.intent, consent.slots, turn)
    case 'modify':
      return modified(turn)
    case 'clarify':
      return { ...clarify(consent.text, []), ...(consent.options ? { options: consent.options } : {}) }
    case 'read':
      return depth < MAX_DEPTH && consent.text !== text
        ? read(consent.text, state, index, depth + 1)
        : fresh(turn, depth)
    case 'none':
      return fresh(turn, depth)
  }
}

/** A sentence that is neither plain consent nor plain refusal. */
function fresh(turn: Turn, depth: number): Understanding {
  const negation = readNegation(turn)
  if (negation !== undefined)
    return negation.do === 'reject'
      ? rejected(solePlan(turn.state), turn.state)
      : negation.do === 'clarify'
        ? clarify(negation.text, negation.near ?? [])
        : negation.do === 'read'
          ? read(negation.text, stateWith(turn.state, negation.named), turn.index, depth + 1)
          : tool(negation.intent, turn, decide(turn))
  const undo = readUndo(turn)
  if (undo !== undefined)
    return isTool(undo.intent)
      ? finish(undo.intent, undo.slots, 0.8, turn, [])
      : clarify('What should be undone? I can roll back a release, uncordon a node or remove a schedule.', [
          'rollback',
          'uncordon_node',
          'schedule_delete',
        ])
  const quoted = quotedCommand(turn.text)
  if (quoted) return runQuoted(quoted, turn)
  const waiting = turn.state.pending.length > 0 || turn.state.recommendation !== undefined
  const followUp = readFollowUp(turn)
  if (followUp !== undefined && !(waiting && turn.state.asking === undefined && isChange(followUp.intent)))
    return finish(followUp.intent, followUp.slots, 0.8, turn, [])
  const parts = depth < MAX_DEPTH ? splitRequests(turn) : undefined
  if (parts !== undefined) return several(parts, depth)
  const decision = decide(turn)
  if (waiting && wantsModification(turn, decision)) return modified(turn)
  if (asksAboutThePlan(turn, decision)) return tool('explain', turn, decision)
  return byIntent(turn, decision, waiting)
}

/** How far down the ranking a reading may stand and still be meant. */
const NEAR_ENOUGH = 4

/** "where will they land?" while one plan waits: a question that fits nothing else is about that plan. */
function asksAboutThePlan(turn: Turn, decision: Decision): boolean {
  return (
    turn.state.pending.length === 1 &&
    (decision.abstained === 'unsure' || decision.abstained === 'question') &&
    (isPlainQuestion(turn) || turn.text.endsWith('?')) &&
    decision.ranked.slice(0, NEAR_ENOUGH).some(({ label }) => label === 'explain')
  )
}

/** What stands between backticks is the command, whatever its words would mean outside of them. */
function runQuoted({ command, sentence }: QuotedCommand, turn: Turn): Understanding {
  const rest = readTurn(sentence, turn.state, turn.index)
  const slots = fillSlots('run_batch', new SlotInput(sentence, rest.entities, turn.state, turn.index))
  return finish('run_batch', { ...slots, command }, 0.95, rest, [])
}

function byIntent(turn: Turn, decision: Decision, waiting: boolean): Understanding {
  const nearest = nearestTools(decision.ranked)
  switch (decision.intent) {
    case 'refuse':
      return act(
        'refuse',
        { reason: 'policy' },
        decision.p,
        'My rules do not allow that, and nothing said in chat changes them.',
      )
    case 'out_of_scope':
      return { ...act('out_of_scope', {}, decision.p, declined(nearest)), nearest }
    case 'reject':
      return waiting
        ? rejected(solePlan(turn.state), turn.state)
        : act('reject', {}, decision.p, 'Nothing is waiting for approval.')
    case 'modify_plan':
      return waiting ? modified(turn) : clarify('No plan is waiting that could be changed. What should I do?', nearest)
    case 'clarify':
      return segment(turn, decision) ?? askWhich(turn, decision)
    default:
      return tool(decision.intent, turn, decision)
  }
}

/** A rambling message whose whole says little: its clearest sentence speaks, when one is clear. */
function segment(turn: Turn, decision: Decision): Understanding | undefined {
  if (decision.abstained !== 'unsure' || turn.tokens.length < 12) return undefined
  const pieces = turn.text
    .split(/(?<=[.?!;])\s+|,\s+|\s+(?:so|because|and|but)\s+/i)
    .filter((piece) => piece.split(' ').length >= 3)
  let best: { turn: Turn; decision: Decision } | undefined
  for (const piece of pieces.slice(0, 12)) {
    const part = readTurn(piece, turn.state, turn.index)
    const read2 = decide(part)
    const floor = isChange(read2.intent) ? 0.85 : 0.75
    if (
      isTool(read2.intent) &&
      read2.abstained === undefined &&
      read2.p >= floor &&
      (best === undefined || read2.p > best.decision.p)
    )
      best = { turn: part, decision: read2 }
  }
  if (best === undefined || (isChange(best.decision.intent) && isPlainQuestion(turn))) return undefined
  return tool(best.decision.intent, turn, { ...best.decision, p: best.decision.p * 0.9 })
}

/** A question that names the readings between which it cannot choose; they become the buttons under it. */
function askWhich(turn: Turn, decision: Decision): Understanding {
  const near = nearReadings(decision.ranked)
  return clarify(clarifyText(turn, decision, near), near, decision.p)
}

function clarifyText(turn: Turn, decision: Decision, nearest: readonly string[]): string {
  if (decision.abstained === 'foreign')
    return 'I understand English. Please say it in English, or ask an administrator to connect a language model in Settings.'
  if (decision.abstained === 'question') return questionOrPlan(nearest)
  return decision.p < THRESHOLD.read || decision.abstained === 'unsure'
    ? unsureText(nearest)
    : unsureText(turn.entities.length > 0 ? nearest : [])
}

function wantsModification(turn: Turn, decision: Decision): boolean {
  if (decision.intent === 'modify_plan') return true
  if (isPlainQuestion(turn) && !/\b(?:instead|rather)\b/.test(turn.line)) return false
  if (!isModification(turn)) return false
  // "make the first step 25 %" while a release waits: about that plan, not about a rollout that does not run yet.
  const only = turn.state.pending.length === 1 ? turn.state.pending[0]?.intent : undefined
  if (
    only !== undefined &&
    isTool(only) &&
    isTool(decision.intent) &&
    isChange(decision.intent) &&
    decision.intent !== only &&
    toolRow(only).skill === toolRow(decision.intent).skill &&
    !turn.entities.some((entity) => entity.kind === 'name' || entity.kind === 'canaryId')
  )
    return true
  // A whole command of its own ("drain node-05") stays a command, even while another plan waits.
  if (/\b(?:skip|exclude|without|leave out)\b/.test(turn.line) && decision.intent === 'retry_batch') return true
  return !(isTool(decision.intent) && decision.p >= (/\binstead\b/.test(turn.line) ? 0.97 : 0.6))
}

function tool(intent: string, turn: Turn, decision: Decision): Understanding {
  if (!isTool(intent)) return clarify(unsureText([]), nearestTools(decision.ranked))
  return finish(
    intent,
    withRecommended(
      intent,
      fillSlots(intent, new SlotInput(turn.text, turn.entities, turn.state, turn.index)),
      turn.state,
    ),
    decision.p,
    turn,
    nearestTools(decision.ranked),
  )
}

/** "place the bid" behind a recommendation of exactly that: its details are the recommended ones. */
function withRecommended(intent: string, slots: Slots, state: State): Slots {
  return state.recommendation?.intent === intent ? { ...state.recommendation.slots, ...slots } : slots
}

function several(parts: readonly Turn[], depth: number): Understanding {
  const read2: Understanding[] = []
  let state = parts[0]?.state
  for (const part of parts) {
    if (state === undefined) break
    const understanding = read(part.text, state, part.index, depth + 1)
    read2.push(understanding)
    state = remember(state, understanding.slots)
  }
  return {
    intent: 'multi',
    slots: { steps: read2.map(({ intent, slots }) => ({ intent, slots })) },
    confidence: Math.min(...read2.map((part) => part.confidence)),
    asksApproval: read2.some((part) => part.asksApproval),
    text: `I understood ${read2.length} requests, in this order: ${read2.map((part, i) => `${i + 1}. ${part.text}`).join(' ')}`,
    nearest: [],
    parts: read2,
  }
}

/** Later parts may point at what an earlier one named: "drain node-03 and then uncordon it". */
function remember(state: State, slots: Slots): State {
  const refs = { ...state.refs }
  for (const key of ['node', 'workload', 'service', 'job', 'canary', 'volume'] as const) {
    const value = slots[key]
    if (typeof value === 'string') refs[key] = value
  }
  return { ...state, refs }
}

function proposed(intent: string, slots: Slots, turn: Turn): Understanding {
  if (!isTool(intent)) return clarify('There is no plan I could draw from that recommendation.', [])
  return finish(intent, { ...slots }, 1, turn, [])
}

export { understood }
