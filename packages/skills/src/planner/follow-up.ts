import { readAct } from './acts'
import { type State, textOf } from './context'
import { decide } from './decide'
import { all, first } from './entities/entity'
import { fillSlots, SlotInput, type Slots } from './slots'
import { isChange, isTool, type ToolName } from './tools-table'
import { isBareValue, type Turn, turnBefore } from './turn'

export interface FollowUp {
  intent: ToolName
  slots: Slots
}

const ELLIPSIS =
  /^(?:and |also |ok |now |then |so )*(?:(?:what|how) about|and|also|same|the same|likewise|ditto|now|then|again)(?: (?:for|on|with|in|at|to|of))?\b/
const CORRECTION =
  /^(?:no |sorry |oops |oh |wait |actually )*(?:i meant?|i was talking about|make that|not zz\w+ (?:but |sorry |no |i meant? |it is |rather )*zz|correction|rather)\b|^(?:sorry|oops|correction)\b/

/** A sentence that only makes sense behind the one before it: an answer, "and node-04?", "no, I meant node-04". */
export function readFollowUp(turn: Turn): FollowUp | undefined {
  return answer(turn) ?? ellipsis(turn) ?? narrower(turn) ?? sameAgain(turn)
}

/** The value that the agent asked for. */
function answer(turn: Turn): FollowUp | undefined {
  const { asking } = turn.state
  if (asking === undefined || !isTool(asking.intent)) return undefined
  const value = slotValue(asking.slot, asking.intent, turn)
  if (value === undefined) return undefined
  if (!isBareValue(turn) && turn.tokens.length > 4) {
    const other = decide(turn)
    if (isTool(other.intent) && other.intent !== asking.intent && other.p > 0.75) return undefined
  }
  return { intent: asking.intent, slots: { ...asking.slots, ...explicit(asking.intent, turn), [asking.slot]: value } }
}

function slotValue(slot: string, intent: ToolName, turn: Turn): unknown {
  const filled = explicitSlots(intent, turn)[slot]
  if (filled !== undefined) return filled
  switch (slot) {
    case 'node':
      return first(turn.entities, 'node')
    case 'gpu':
      return first(turn.entities, 'gpu') ?? first(turn.entities, 'number')
    case 'model':
      return first(turn.entities, 'model') ?? first(turn.entities, 'modelSize')
    case 'schedule':
      return first(turn.entities, 'schedule') ?? every(first(turn.entities, 'duration'))
    case 'email':
      return first(turn.entities, 'email')
    case 'workload':
    case 'service':
    case 'job':
    case 'volume':
      return (
        first(turn.entities, 'name') ?? first(turn.entities, 'path') ?? first(turn.entities, 'image') ?? soleWord(turn)
      )
    default:
      return undefined
  }
}

function every(duration: string | undefined): { every: string } | undefined {
  return duration === undefined ? undefined : { every: duration }
}

function soleWord(turn: Turn): string | undefined {
  const words = turn.text
    .toLowerCase()
    .replace(/^(?:the|it'?s|on|for)\s+/, '')
    .split(' ')
  const word = words[0]
  if (words.length !== 1 || word === undefined || !/^[a-z][\w.-]+$/.test(word)) return undefined
  return readAct(turn.line).kind === 'none' && turn.index.names.has(word) ? word : undefined
}

/** "only the H100 ones", "just those above 90": the same question again, narrower. */
const NARROWER =
  /^(?:and |ok |but |now |so )*(?:only|just|keep (?:just|only)|show (?:just|only)|limit(?: (?:it|that))? to|restrict(?: (?:it|that))? to|without|excluding|except)(?: for| to)?(?: (?:the|those|these|ones?|that|with|on|of|from|in|at|for|above|over|below|under|are|is))*\b/

/** From here on a sentence asks something of its own, whatever was asked before. */
const CLEAR = 0.85

function narrower(turn: Turn): FollowUp | undefined {
  const { state } = turn
  if (
    state.lastUser === '' ||
    turn.tokens.length > 12 ||
    state.pending.length > 0 ||
    state.recommendation !== undefined
  )
    return undefined
  if (!NARROWER.test(turn.line) || turn.entities.length === 0) return undefined
  const before = turnBefore(turn)
  const decision = decide(before)
  if (!isTool(decision.intent) || isChange(decision.intent) || decision.abstained !== undefined) return undefined
  // "just the two that failed, once more": what is asked is another thing than before.
  const own = decide(turn)
  if (isTool(own.intent) && own.intent !== decision.intent && own.abstained === undefined && own.p >= CLEAR)
    return undefined
  return { intent: decision.intent, slots: { ...slotsOf(decision.intent, before), ...explicit(decision.intent, turn) } }
}

/** "same but split by project", "and last week?": the question before, told differently, where nothing else is clearly asked. */
const SAME_AGAIN =
  /^(?:and |ok |now |so )*(?:(?:the )?same(?: (?:thing|one|question|again|table|list|report|view))?(?: (?:but|only|just|now|with|for|by|as|in|split|sorted|grouped|broken))\b|(?:and|what about|how about)(?: (?:for|in|over|since))? (?:last|this|the (?:last|past|previous)|previous|yesterday|today|overnight)\b)/

function sameAgain(turn: Turn): FollowUp | undefined {
  const { state } = turn
  if (state.lastUser === '' || turn.tokens.length > 12 || state.pending.length > 0) return undefined
  if (!SAME_AGAIN.test(turn.line)) return undefined
  const own = decide(turn)
  if (isTool(own.intent) && own.abstained === undefined) return undefined
  const before = turnBefore(turn)
  const { intent, abstained } = decide(before)
  if (!isTool(intent) || isChange(intent) || abstained !== undefined) return undefined
  return { intent, slots: { ...slotsOf(intent, before), ...explicitSlots(intent, turn) } }
}

function ellipsis(turn: Turn): FollowUp | undefined {
  const { state } = turn
  if (state.lastUser === '' || turn.tokens.length > 10) return undefined
  const corrects = CORRECTION.test(turn.line)
  const continues = ELLIPSIS.test(turn.line)
  if (!(corrects || continues || isBareValue(turn))) return undefined
  if (turn.entities.length === 0 || (!isBareValue(turn) && !corrects && saysMore(turn))) return undefined
  // "and gpu 2, is that one ok?" asks something of its own.
  const own = decide(turn)
  if (!corrects && !isBareValue(turn) && isTool(own.intent) && own.abstained === undefined && own.p >= CLEAR)
    return undefined
  const before = turnBefore(turn)
  const decision = decide(before)
  if (!isTool(decision.intent) || decision.abstained !== undefined) return undefined
  return { intent: decision.intent, slots: { ...slotsOf(decision.intent, before), ...explicit(decision.intent, turn) } }
}

function saysMore(turn: Turn): boolean {
  const own = turn.line.replace(ELLIPSIS, '').trim()
  const left = own
    .split(' ')
    .filter(
      (word) =>
        !/^(?:zz\w*|\?|the|on|for|of|in|with|to|at|node|gpu|nodes|gpus|ones?|those|these|from|a|an|it|that|please|too|also|as|well|same|target|place|there|again|\d+)$/.test(
          word,
        ),
    )
  return left.length > 0
}

const slotsOf = (intent: ToolName, turn: Turn): Slots =>
  fillSlots(intent, new SlotInput(turn.text, turn.entities, turn.state, turn.index))

/** Slots that this sentence itself names; nothing inherited, no defaults. */
function explicitSlots(intent: ToolName, turn: Turn): Slots {
  const blank: State = { ...turn.state, focus: {}, refs: { failedNodes: [] } }
  return fillSlots(intent, new SlotInput(turn.text, turn.entities, blank, turn.index))
}

function explicit(intent: ToolName, turn: Turn): Slots {
  const mentioned = new Set(turn.entities.flatMap((entity) => flatten(entity.value)))
  return Object.fromEntries(
    Object.entries(explicitSlots(intent, turn)).filter(([, value]) =>
      flatten(value).some((part) => mentioned.has(part)),
    ),
  )
}

function flatten(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(flatten)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(flatten)
  return [String(value).toLowerCase()]
}

/** The node names of a sentence, for telling what a modification is about. */
export function mentionedNodes(turn: Turn): string[] {
  return all(turn.entities, 'node').map((entity) => entity.value)
}

export function focusText(state: State, key: string): string | undefined {
  return textOf(state.focus[key])
}
